"""What somebody asks of a report: read from an address, a form or a schedule, and checked."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from inventory_site.core.reporting.definition import (
    Choice,
    Given,
    OnDay,
    Period,
    Place,
    Report,
    Search,
)
from inventory_site.core.reporting.registry import places

MOST_DAYS = 3660  # of a period
FIRST_DAY = date(2000, 1, 1)
FIELDS = ("warehouse", "day", "since", "until", "days")  # beside the report's own


class Asked(forms.Form):
    """The parameters of one report as a form; what it may be asked depends on whose it is."""

    def __init__(
        self,
        report: Report,
        own: Sequence[Place],
        today: date,
        data: Mapping[str, str],
    ) -> None:
        # What is not asked for is shown as it is answered.
        super().__init__(_days_shown(report, today, data) | {k: v for k, v in data.items() if v})
        self.report, self.own, self.today = report, own, today
        for parameter in report.parameters:
            self._add(parameter)
        codes = [(one.code, f"{one.code} · {one.name}") for one in own]
        self.fields["warehouse"] = _choice(_("Warehouse"), [("", _("All")), *codes])

    def _add(self, parameter: object) -> None:
        match parameter:
            case Choice(key, label, options):
                self.fields[key] = _choice(label, options)
            case Search(key, label):
                widget = UnfoldAdminTextInputWidget(attrs={"type": "search"})
                self.fields[key] = forms.CharField(
                    label=label, required=False, max_length=120, widget=widget
                )
            case OnDay():
                self.fields["day"] = _day(_("At the end of"), self.today)
            case Period():
                self.fields["since"] = _day(_("From"), self.today)
                self.fields["until"] = _day(_("Up to"), self.today)
                # Not a field of the page, but of a schedule and of links: so many days up to today.
                self.fields["days"] = forms.IntegerField(
                    label=_("Days"),
                    required=False,
                    min_value=1,
                    max_value=MOST_DAYS,
                    widget=UnfoldAdminIntegerFieldWidget(),
                )

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if self.report.period and not self.errors:
            since, until = self.span()
            if since > until:
                self.add_error("since", _("The period begins after it ends."))
            elif (until - since).days >= MOST_DAYS:
                self.add_error("since", _("That is more than ten years."))
        return given

    def span(self) -> tuple[date, date]:
        """First and last day looked at."""
        given = self.cleaned_data
        if self.report.on_day:
            day = given.get("day") or self.today
            return day, day
        return given.get("since") or self.today, given.get("until") or self.today

    def given(self, now: datetime, everywhere: bool) -> Given:
        """What the form says, once it is valid."""
        code = self.cleaned_data["warehouse"]
        since, until = self.span()
        return Given(
            places=[one for one in self.own if not code or one.code == code],
            everywhere=everywhere and not code,
            since=since,
            until=until,
            now=now,
            values=self._values(),
        )

    def _values(self) -> dict[str, str]:
        values = {}
        for one in self.report.parameters:
            match one:
                case Choice(key, _, options):
                    values[key] = self.cleaned_data[key] or options[0][0]
                case Search(key, _):
                    values[key] = self.cleaned_data[key].replace("\0", "").strip()
        return values


@dataclass(frozen=True, slots=True)
class Question:
    """A form that was filled in, and what it asks: None where it cannot be answered as it is."""

    form: Asked
    given: Given | None


def ask(
    *, report: Report, data: Mapping[str, str], now: datetime, within: Collection[str] | None
) -> Question:
    """Read what is asked of a report by somebody who is limited to these warehouses. One statement."""
    own = [one for one in places() if within is None or one.code in within]
    form = Asked(report, own, today(own, now), data)
    return Question(form, form.given(now, within is None) if form.is_valid() else None)


def today(own: Sequence[Place], now: datetime) -> date:
    """The day that it is in the warehouse where it is latest, so that nothing that happened is left out."""
    zones = {one.zone for one in own} or {"UTC"}
    return max(now.astimezone(ZoneInfo(zone)).date() for zone in zones)


def _days_shown(report: Report, today: date, data: Mapping[str, str]) -> dict[str, str]:
    """The days that are looked at where nothing else is said: today, or so many up to the last one."""
    if report.period is None:
        return {"day": today.isoformat()} if report.on_day else {}
    told = data.get("days", "")
    usable = told.isascii() and told.isdigit() and len(told) < 6 and 0 < int(told) <= MOST_DAYS
    days = int(told) if usable else report.period.days
    try:
        until = max(date.fromisoformat(data.get("until") or today.isoformat()), FIRST_DAY)
    except ValueError:
        until = today
    return {"since": (until - timedelta(days=days - 1)).isoformat(), "until": until.isoformat()}


def _choice(label: object, options: Sequence[tuple[str, object]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=list(options),
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )


def _day(label: object, today: date) -> forms.DateField:
    widget = UnfoldAdminSingleDateWidget(format="%Y-%m-%d")
    widget.input_type = "date"
    field = forms.DateField(
        label=label,  # type: ignore[arg-type]
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=widget,
    )
    field.validators.append(_not_before(FIRST_DAY))
    field.validators.append(_not_after(today))
    return field


def _not_after(latest: date) -> Callable[[date], None]:
    def check(day: date) -> None:
        if day > latest:
            raise forms.ValidationError(_("That day has not come yet."))

    return check


def _not_before(earliest: date) -> Callable[[date], None]:
    def check(day: date) -> None:
        if day < earliest:
            raise forms.ValidationError(_("No day before the year 2000."))

    return check
