"""What every floor page is made of: sign-in, role, warehouse, one action per tap, refusals in plain words.

A page is a subclass of `FloorPage`: `show` reads, `do_<name>` carries out the tap that sent `do=<name>`, with
ONE call of a service. docs/floor.md says how to add one.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.problems import STATUS
from orders.pages.arriving import NoSuchAction, NotChosen, NothingHere, Visit, arrive
from orders.services.floor_actions import run_once

ACTION = re.compile(r"[a-z][a-z_]{0,30}")
ELSEWHERE = _("This is no longer to be done here; nothing was booked.")
BESIDE = ("csrfmiddlewaretoken", "action_id")  # sent with an action, but not what it says


@dataclass(frozen=True, slots=True)
class Said:
    """What the person is told after an action: `ok` with a high beep, `refused` with a low buzz, or `note`.

    `next` is the address of the page to go on with, where that is another one.
    """

    text: str
    tone: str = "ok"
    next: str = ""


class Elsewhere(Exception):
    """What is asked for is not (or no longer) done here, but at that address.

    `words`, where there are any, say to somebody who scanned or tapped why nothing was booked.
    """

    def __init__(self, address: str, words: str = "") -> None:
        super().__init__(address)
        self.address = address
        self.said = Said(words or str(ELSEWHERE), "refused" if words else "note", address)


class FloorPage(View):
    """A page of the floor. Class attributes say who may open it and how it looks."""

    roles: ClassVar[tuple[str, ...]] = ()  # one of these; none: everybody who works here
    template: ClassVar[str]
    camera: ClassVar[bool] = False  # brings the camera's dialog for its camera button

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        """What the template needs, read by one query. Raises Http404, DomainError."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        response = self._respond(request, names)
        if "Floor-Action" in request.headers:  # the queue believes nobody else
            response["Floor-Answer"] = request.headers["Floor-Action"]
        response["Cache-Control"] = "no-store, private"
        # A page without a camera button too: one with a button may take its place in the same document.
        response.may_decode = True  # type: ignore[attr-defined]
        return response

    def _respond(self, request: HttpRequest, names: dict[str, Any]) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        if not _is_known(request):
            return signed_out(request)
        try:
            visit = arrive(request)
            if self.roles:
                visit.staff.check_role(*self.roles)
        except NotChosen:
            return _first_to(request, "floor:warehouse", gettext("Say in which warehouse you are."))
        except DomainError as error:
            return refused(request, error)
        return self._answer(visit, names)

    def _answer(self, visit: Visit, names: dict[str, Any]) -> HttpResponse:
        with timezone.override(visit.zone):
            try:
                if visit.request.method == "POST":
                    return self._act(visit, names)
                return self._page(visit, names)
            except DomainError as error:
                return refused(visit.request, error)
            except Http404:
                return refused(
                    visit.request, NothingHere(gettext("There is nothing here for you."))
                )

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        """The whole page; after an action too, so that the device needs one answer only."""
        if said and said.next and said.next != escape_uri_path(visit.request.path):
            return render(visit.request, "floor/said.html", {"visit": visit, "said": said})
        told = {"visit": visit, "said": said, "camera": self.camera, "action_id": uuid4()}
        try:
            told |= self.show(visit, **names)
        except Elsewhere as there:
            if said is None:
                return HttpResponseRedirect(there.address)
            return self._page(visit, names, replace(said, next=there.address))
        return render(visit.request, self.template, told)

    def _act(self, visit: Visit, names: dict[str, Any]) -> HttpResponse:
        request = visit.request
        sent = request.POST
        before = dict(request.session.items())
        try:
            work = self._work(sent)
            outcome = in_unit_of_work(
                lambda: run_once(
                    action_id=action_id(request),
                    user_id=visit.staff.user_id,
                    kind=_kind(request, sent),
                    fingerprint=_fingerprint(request.path, sent),
                    work=lambda: _kept(request, before, lambda: asdict(work(visit, sent, **names))),
                )
            )
        except Elsewhere as there:
            return self._page(visit, names, there.said)
        except DomainError as error:
            if error.kind in (Kind.BUSY, Kind.FORBIDDEN):
                return refused(request, error)
            outcome = {"refused": error.code, "text": error.detail}
        if "refused" in outcome:
            outcome = {"text": outcome["text"], "tone": "refused"}
        return self._page(visit, names, Said(**outcome))

    def _work(self, sent: QueryDict) -> Any:
        name = sent.get("do", "scan")
        work = getattr(self, f"do_{name}", None) if ACTION.fullmatch(name) else None
        if work is None:
            raise NoSuchAction(gettext("This page does not know what was tapped; open it again."))
        return work


def action_id(request: HttpRequest) -> UUID:
    """The number that the device gave this tap. Raises NoSuchAction."""
    told = request.headers.get("Floor-Action") or request.POST.get("action_id", "")
    try:
        return UUID(told)
    except ValueError:
        raise NoSuchAction(
            gettext("This scan has no number of its own; open the page again.")
        ) from None


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a queue that sends kept scans is told by status 401 and keeps them."""
    return _first_to(
        request, "floor:sign-in", gettext("You are signed out. Sign in; nothing is lost.")
    )


def _first_to(request: HttpRequest, name: str, words: str) -> HttpResponse:
    address = f"{reverse(name)}?{urlencode({'next': escape_uri_path(request.path)})}"
    if "Floor-Action" not in request.headers:
        return HttpResponseRedirect(address)
    told = {"said": Said(words, "refused"), "sign_in": address}
    return render(request, "floor/said.html", told, status=401)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A page that says in the error's own words why there is nothing to see."""
    status = STATUS[error.kind]
    told = {"said": Said(error.detail, "refused"), "title": gettext(error.title)}
    response = render(request, "floor/refused.html", told, status=status)
    response["Floor-Refusal"] = error.code  # by which the queue knows what is worth another try
    if status == 503:
        response["Retry-After"] = "1"
    return response


def whole_number(sent: QueryDict, name: str, *, least: int = 1, most: int = 1_000_000) -> int:
    """A number that somebody typed. Raises NoSuchAction with words for the person."""
    told = sent.get(name, "").strip()
    if not told.isascii() or not told.isdigit() or len(told) > 9 or not least <= int(told) <= most:
        raise NoSuchAction(
            gettext("%(told)s is not a number from %(least)s to %(most)s.")
            % {"told": told or gettext("Nothing"), "least": least, "most": f"{most:,}"}
        )
    return int(told)


def found(value: Any) -> Any:
    """The value, or a page that says there is nothing here."""
    if value is None:
        raise Http404(gettext("There is nothing here."))
    return value


def _is_known(request: HttpRequest) -> bool:
    """Signed in, and where a kept scan names its user: as that user."""
    if not request.user.is_authenticated:
        return False
    told = request.headers.get("Floor-User")
    return told is None or told == str(request.user.pk)


def _kind(request: HttpRequest, sent: QueryDict) -> str:
    match = request.resolver_match
    return f"{match.url_name if match else ''}.{sent.get('do', 'scan')}"[:40]


def _fingerprint(path: str, sent: QueryDict) -> str:
    fields = sorted((k, v) for k in sent if k not in BESIDE for v in sent.getlist(k))
    return hashlib.sha256(f"{path}\n{urlencode(fields)}".encode()).hexdigest()


def _kept(
    request: HttpRequest, before: dict[str, Any], work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The outcome; what the session remembers of it (the bin one stands at) is kept with the action.

    Work that lost a race is run again, from the session as it was `before`.
    """
    if dict(request.session.items()) != before:
        for name in set(request.session.keys()) - set(before):
            del request.session[name]
        request.session.update(before)
    outcome = work()
    if request.session.modified:
        request.session.save()
        request.session.modified = False
    return outcome
