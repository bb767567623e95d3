"""Stock handled from the back office: corrected, written off, moved, sent to be counted. Each by one service
call, with a reason, and once however often it is sent."""

import hashlib
import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import MANAGER, NotYourRole, Staff, staff
from orders.admin.making import MakingForm, Words, choice, text
from orders.queries.choices import warehouses
from orders.services.counting import CountPlace, open_tasks
from orders.services.floor_actions import run_once
from orders.services.moving import move_units
from orders.services.numbering import next_number
from warehouse.admin.telling import offer_handling, product_page
from warehouse.checks import normal_sku
from warehouse.lines import MAX_QUANTITY, AdjustLine, PlacedLine
from warehouse.services.movements import adjust, damage

CORRECTION, WRITTEN_OFF = "CORR", "LOSS"


def number(label: Words, *, least: int = 1, words: Words = "") -> forms.IntegerField:
    """A whole number of units."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MAX_QUANTITY,
        help_text=words,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


class PlaceForm(MakingForm):
    """A product in a bin of a warehouse."""

    sku = text(_("Product (SKU)"), most=64, required=True)
    warehouse = choice(_("Warehouse"))
    bin = text(_("Bin"), most=32, required=True)

    def offer(self, *, within: Collection[str] | None) -> None:
        self.put_one("warehouse", warehouses(within=within))


class CorrectForm(PlaceForm):
    delta = number(
        _("Difference"),
        least=-MAX_QUANTITY,
        words=_("What is to be added; with a minus, what is to go."),
    )
    reason = text(
        _("Reason"),
        most=120,
        required=True,
        words=_("Such as miscounted, found, mislabelled, sample, own use."),
    )

    def clean_delta(self) -> int:
        """A difference of nothing is a mistake."""
        delta = int(self.cleaned_data["delta"])
        if delta == 0:
            raise forms.ValidationError(gettext("A difference of 0 changes nothing."))
        return delta


class WriteOffForm(PlaceForm):
    quantity = number(_("Units"))
    reason = text(
        _("Reason"),
        most=120,
        required=True,
        words=_("Such as broken, lost, expired, unsellable return, given away."),
    )


class MoveForm(PlaceForm):
    to_bin = text(_("To bin"), most=32, required=True)
    quantity = number(_("Units"))


class CountForm(PlaceForm):
    bin = text(_("Bin"), most=32, words=_("Empty: every bin that holds it."))


def _correct(given: dict[str, Any], who: Staff) -> str:
    line = AdjustLine(given["sku"], given["warehouse"], bin=given["bin"], delta=given["delta"])
    told = adjust(
        reference=next_number(prefix=CORRECTION),
        reason=given["reason"],
        lines=[line],
        actor=who.actor,
        within=who.within,
    )
    return gettext("%(reference)s: %(sku)s in %(warehouse)s corrected by %(delta)+d.") % {
        "reference": told.reference,
        "sku": line.sku,
        "warehouse": line.warehouse,
        "delta": line.delta,
    }


def _write_off(given: dict[str, Any], who: Staff) -> str:
    line = PlacedLine(given["sku"], given["warehouse"], given["quantity"], given["bin"])
    told = damage(
        reference=next_number(prefix=WRITTEN_OFF),
        reason=given["reason"],
        lines=[line],
        actor=who.actor,
        within=who.within,
    )
    return gettext("%(reference)s: %(quantity)s of %(sku)s in %(warehouse)s written off.") % {
        "reference": told.reference,
        "quantity": line.quantity,
        "sku": line.sku,
        "warehouse": line.warehouse,
    }


def _move(given: dict[str, Any], who: Staff) -> str:
    told = move_units(
        warehouse=given["warehouse"],
        sku=given["sku"],
        quantity=given["quantity"],
        from_bin=given["bin"],
        to_bin=given["to_bin"],
        actor=who.actor,
        within=who.within,
    )
    return gettext("%(reference)s: %(quantity)s of %(sku)s moved to %(to_bin)s.") % {
        "reference": told.reference,
        "quantity": given["quantity"],
        "sku": given["sku"],
        "to_bin": given["to_bin"],
    }


def _count(given: dict[str, Any], who: Staff) -> str:
    place = CountPlace(given["warehouse"], bin=given["bin"] or None, sku=given["sku"])
    opened = open_tasks(places=[place], actor=who.actor, within=who.within)
    return gettext("To be counted: %(opened)s.") % {"opened": ", ".join(opened)}


@dataclass(frozen=True, slots=True)
class Handling:
    """One way to handle stock: its page, and the one domain call that it makes."""

    name: str
    title: Words
    words: Words
    button: Words
    form: type[MakingForm]
    work: Callable[[dict[str, Any], Staff], str]


WAYS = (
    Handling(
        "correct", _("Correct stock"), _("What the books say is changed, with the reason on record."),
        _("Correct"), CorrectForm, _correct,
    ),
    Handling(
        "write_off", _("Write off"),
        _("What is broken or lost leaves the books; orders that it hurts are told."),
        _("Write off"), WriteOffForm, _write_off,
    ),
    Handling(
        "move", _("Move"), _("From bin to bin in one warehouse. On hand stays."), _("Move"), MoveForm, _move,
    ),
    Handling(
        "count", _("Have it counted"), _("A task opens on the floor. Nothing is blocked by it."),
        _("Open the task"), CountForm, _count,
    ),
)  # fmt: skip


def handled(request: HttpRequest, way: Handling) -> HttpResponse:
    """The form, and what comes of it."""
    who = staff(request.user)
    try:
        who.check_role(MANAGER)
    except NotYourRole as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(reverse("admin:index"))
    asked = {name: value for name, value in request.GET.items() if name != "action_id"}
    form = way.form(request.POST or None, initial={"action_id": uuid.uuid4(), **asked})
    form.offer(within=who.within)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _once(way, dict(form.cleaned_data), who))
            return HttpResponseRedirect(product_page(sku=form.cleaned_data["sku"]))
        except DomainError as error:
            form.add_error(None, error.detail)
    context = {
        **admin.site.each_context(request),
        "title": way.title,
        "words": way.words,
        "button": way.button,
        "form": form,
        "back": product_page(sku=str(asked.get("sku", ""))),
    }
    return TemplateResponse(request, "admin/make_document.html", context)


def _once(way: Handling, given: dict[str, Any], who: Staff) -> str:
    """Sent twice, it is done once; what it did is said again."""
    action_id = given.pop("action_id")
    given["sku"] = normal_sku(given["sku"])
    told = json.dumps([way.name, given], default=str)
    outcome = in_unit_of_work(
        lambda: run_once(
            action_id=action_id,
            user_id=who.user_id,
            kind=f"stock {way.name}",
            fingerprint=hashlib.sha256(told.encode()).hexdigest(),
            work=lambda: {"said": way.work(given, who)},
        )
    )
    return str(outcome["said"])


def _page(way: Handling) -> URLPattern:
    def view(request: HttpRequest) -> HttpResponse:
        return handled(request, way)

    return path(f"{way.name.replace('_', '-')}/", admin.site.admin_view(view), name=way.name)


app_name = "stock"
urlpatterns = [_page(way) for way in WAYS]

for one in WAYS:
    offer_handling(address=f"stock:{one.name}", words=one.title)
