"""What is asked for when a channel and its routes are set up."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextInputWidget,
)

from inventory_site.core.errors import DomainError
from inventory_site.core.labels import Words
from notifications import alerting
from notifications.models import Channel, Route, Severity
from notifications.services import channels

Choices = Sequence[tuple[str, Words]]

ADDRESS_WORDS = _(
    "E-mail: addresses with commas between them. Chat or SMS: the webhook's address, or one as apprise"
    " writes it (tgram://…, twilio://…). It is kept sealed and not shown again; leave it empty to"
    " keep it as it is."
)


class UnshownInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """A field that takes a secret and never gives one back, not even after a mistake."""

    def format_value(self, value: Any) -> None:
        return None


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=1000,
        help_text=ADDRESS_WORDS,
        widget=UnshownInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = Channel
        fields = ("name", "kind", "enabled")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk is not None and "address" in self.fields:
            self.fields["address"].label = gettext("Another address")

    def clean(self) -> dict[str, Any]:
        """The address is checked as one of its kind; another kind needs another address."""
        given = super().clean() or {}
        address, kind = given.get("address", ""), given.get("kind")
        if kind and not address and (self.instance.pk is None or "kind" in self.changed_data):
            self.add_error("address", gettext("Say where alerts are to be told."))
        elif kind and address:
            try:
                given["address"] = channels.check_address(kind=kind, address=address)
            except DomainError as error:
                self.add_error("address", error.detail)
        return given


def _many(
    label: Words,
    choices: Choices = (),
    *,
    required: bool = False,
    initial: Any = None,
    words: Words = "",
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=required,
        initial=initial,
        help_text=words,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


def _hour(label: Words, words: Words) -> forms.TimeField:
    widget = UnfoldAdminSingleTimeWidget(format="%H:%M")
    widget.input_type = "time"
    return forms.TimeField(label=label, required=False, help_text=words, widget=widget)


@cache
def time_zones() -> Choices:
    """Those that people know their place by."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in ["UTC", *sorted(places)]]


class RouteForm(forms.ModelForm):  # type: ignore[type-arg]
    severities = _many(
        _("Severities"),
        Severity.choices,
        required=True,
        initial=[Severity.WARNING.value, Severity.URGENT.value],
    )
    rules = _many(_("Rules"), words=_("None chosen: alerts of every kind."))
    warehouses = _many(_("Warehouses"), words=_("None chosen: of all warehouses."))
    quiet_from = _hour(_("Quiet from"), _("Only what is urgent is told from then on."))
    quiet_until = _hour(_("Quiet until"), _("All the rest is told at this hour."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        initial="UTC",
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Of the quiet hours, and of the windows in which alerts are gathered."),
    )

    class Meta:
        model = Route
        fields = (
            "severities", "rules", "warehouses", "every_minutes", "quiet_from", "quiet_until", "time_zone",
        )  # fmt: skip

    def __init__(self, *args: Any, rules: Choices = (), places: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for name, offered in (("rules", rules), ("warehouses", places)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = _with(offered, getattr(self.instance, name))
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = _with(time_zones(), [self.instance.time_zone])

    def has_changed(self) -> bool:
        """A new route counts even when nothing in it was changed: it was asked for."""
        return self.instance.pk is None or super().has_changed()

    def clean(self) -> dict[str, Any]:
        """Quiet hours have two ends, and they differ."""
        given = super().clean() or {}
        begin, end = given.get("quiet_from"), given.get("quiet_until")
        if (begin is None) != (end is None):
            missing = "quiet_from" if begin is None else "quiet_until"
            self.add_error(missing, gettext("Quiet hours have a beginning and an end."))
        elif begin is not None and begin == end:
            self.add_error(
                "quiet_until", gettext("Quiet hours end at another hour than they begin.")
            )
        return given


def _with(offered: Choices, kept: Sequence[str]) -> Choices:
    """What is offered, and what was chosen before and is no longer offered: it is not to vanish by itself."""
    known = {name for name, _label in offered}
    return [*offered, *((name, name) for name in kept if name not in known)]


class RouteForms(BaseInlineFormSet):  # type: ignore[type-arg]
    """All routes of a channel; what they offer is read once."""

    @cached_property
    def _offered(self) -> dict[str, Choices]:
        places = [
            (code, f"{code} · {name}" if name != code else code)
            for code, name in alerting.warehouses()
        ]
        return {"rules": list(alerting.rules().items()), "places": places}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | self._offered
