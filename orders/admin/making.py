"""Documents made in the back office: a form, one service call, and lines as they are pasted from a sheet."""

import hashlib
import json
import re
import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import Staff, staff
from orders.services.floor_actions import run_once
from warehouse.lines import MAX_QUANTITY

MOST_LINES = 1000
CHOOSE = _("Choose …")
LINE = re.compile(r"(?P<sku>\S(?:.*?[^\s;,])?)(?:\s*[\t;,]\s*|\s+x?\s*)(?P<quantity>\d{1,9})")

SkuQuantity = tuple[str, int]
# gettext_lazy is typed as a promise of a string; wherever it is shown it is one.
Words = Any


class LinesField(forms.CharField):
    """One product a line: SKU, then quantity, with a tab, comma, semicolon or blank between them."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Lines"),
            max_length=100_000,
            help_text=_("One product a line: SKU and quantity, typed or pasted from a sheet."),
            widget=UnfoldAdminTextareaWidget(
                attrs={"rows": 8, "spellcheck": "false", "placeholder": "85123A\t24"}
            ),
        )

    def clean(self, value: Any) -> list[SkuQuantity]:
        """SKU and quantity of each line. Raises ValidationError that names every line at fault."""
        found: list[SkuQuantity] = []
        faults = []
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            parts = LINE.fullmatch(line.strip())
            if parts is None or not 1 <= int(parts["quantity"]) <= MAX_QUANTITY:
                faults.append(
                    gettext("Line %(number)s, “%(line)s”: give a SKU and a quantity.")
                    % {"number": number, "line": line.strip()[:60]}
                )
            else:
                found.append((parts["sku"], int(parts["quantity"])))
        if not faults and len(found) > MOST_LINES:
            faults.append(
                gettext("At most %(most)s lines at once; these are %(n)s.")
                % {"most": MOST_LINES, "n": len(found)}
            )
        if faults:
            raise forms.ValidationError(faults[:20])
        return found


def text(label: Words, *, most: int, required: bool = False, words: Words = "") -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=words,
        widget=UnfoldAdminTextInputWidget(),
    )


def long_text(label: Words, *, most: int) -> forms.CharField:
    """Some lines of text."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


class MomentWidget(forms.SplitDateTimeWidget):
    """A day and a time of day, each by the browser's own means, so that no format is to be known."""

    template_name = "unfold/widgets/split_datetime.html"

    def __init__(self, label: Words) -> None:
        day = UnfoldAdminSingleDateWidget(
            {"aria-label": format_lazy(_("{label}: day"), label=label)}, format="%Y-%m-%d"
        )
        time = UnfoldAdminSingleTimeWidget(
            {"aria-label": format_lazy(_("{label}: time"), label=label)}, format="%H:%M"
        )
        day.input_type, time.input_type = "date", "time"
        forms.MultiWidget.__init__(self, [day, time])


def moment(label: Words) -> forms.SplitDateTimeField:
    """A day and a time, in the zone in which the back office is shown, whose name stands beside it."""
    return forms.SplitDateTimeField(
        label=label,
        required=False,
        help_text=lazy(timezone.get_current_timezone_name, str)(),
        widget=MomentWidget(label),
    )


def flag(label: Words, *, words: Words) -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(
        label=label, required=False, help_text=words, widget=UnfoldBooleanWidget()
    )


def choice(label: Words, *, required: bool = True, words: Words = "") -> forms.ChoiceField:
    """One of what the form offers when it is opened (`offer`)."""
    return forms.ChoiceField(
        label=label, required=required, help_text=words, widget=UnfoldAdminSelectWidget()
    )


class MakingForm(forms.Form):
    """Carries a number made when it was opened: sent twice, it makes one document."""

    action_id = forms.UUIDField(widget=forms.HiddenInput)

    def offer(self, *, within: Collection[str] | None) -> None:
        """Fill the choices with what this person may use."""

    def put(self, name: str, choices: Collection[tuple[str, str]], empty: Words = None) -> None:
        """Choices of one field, led by an empty one where nothing may be chosen."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*([("", empty)] if empty is not None else []), *choices]

    def put_one(self, name: str, choices: Collection[tuple[str, str]]) -> None:
        """Choices of which none is taken by mistake: where there are several, one is to be chosen."""
        self.put(name, choices, empty=CHOOSE if len(choices) > 1 else None)


class Maker(ShownOnly):
    """A document that whoever `may_make` can make, with `form_made` and one call of `make`."""

    form_made: ClassVar[type[MakingForm]]
    made_title: ClassVar[Words]
    made_words: ClassVar[Words] = ""

    def may_make(self, who: Staff) -> bool:
        """Who may make one: a manager, unless said otherwise."""
        return who.is_manager

    def make(self, given: dict[str, Any], who: Staff) -> str:
        """The one domain call; the reference of what was made."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated) and self.may_make(staff(request.user))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form, and what comes of it."""
        who = staff(request.user)
        if not self.may_make(who):
            messages.error(request, gettext("This needs another role; ask your manager."))
            return HttpResponseRedirect(self._list())
        form = self.form_made(
            request.POST or None, initial={"action_id": uuid.uuid4(), **self._initial(request)}
        )
        form.offer(within=who.within)
        if request.method == "POST" and form.is_valid():
            try:
                reference = self._make_once(form.cleaned_data, who)
            except DomainError as error:
                form.add_error("lines" if "lines" in form.fields else None, error.detail)
            else:
                messages.success(
                    request, gettext("%(reference)s was made.") % {"reference": reference}
                )
                made = self.model._default_manager.filter(reference=reference).first()
                return HttpResponseRedirect(self._page(made))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": self.made_title,
            "words": self.made_words,
            "form": form,
            "back": self._list(),
        }
        return TemplateResponse(request, "admin/make_document.html", context)

    def _initial(self, request: HttpRequest) -> dict[str, str]:
        """What the address already says, such as ?warehouse=MAIN."""
        return {n: str(value) for n, value in request.GET.items() if n != "action_id"}

    def _make_once(self, given: dict[str, Any], who: Staff) -> str:
        action_id = given.pop("action_id")
        told = json.dumps([self.model._meta.label, given], default=str)
        outcome = in_unit_of_work(
            lambda: run_once(
                action_id=action_id,
                user_id=who.user_id,
                kind=f"make {self.model._meta.model_name}",
                fingerprint=hashlib.sha256(told.encode()).hexdigest(),
                work=lambda: {"reference": self.make(given, who)},
            )
        )
        return str(outcome["reference"])

    def _list(self) -> str:
        return reverse(
            f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"
        )

    def _page(self, made: Any) -> str:
        if made is None:
            return self._list()
        return reverse(
            f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change",
            args=[made.pk],
        )
