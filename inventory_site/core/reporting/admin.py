"""Schedules of reports in the back office: managers make them, change them, and send one at once."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory_site.core.confirming import Confirmed
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.models import ReportSchedule
from inventory_site.core.reporting import registry, schedules
from inventory_site.core.reporting.asking import FIELDS, MOST_DAYS, ask
from inventory_site.core.reporting.definition import Choice, Report, Search
from inventory_site.core.roles import Staff, staff
from inventory_site.core.stale import NotOutdated

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip
MOST_RECIPIENTS = 20


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is sent, to whom and when. Days are counted back from the day of sending."""

    report = forms.ChoiceField(label=_("Report"), widget=UnfoldAdminSelectWidget())
    warehouse = forms.CharField(
        label=_("Warehouse"), required=False, max_length=20, widget=UnfoldAdminTextInputWidget(),
        help_text=_("Its code; empty: all that you may see."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days looked at"), required=False, min_value=1, max_value=MOST_DAYS,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Up to the day of sending; empty: as the report has it."),
    )  # fmt: skip
    more = forms.CharField(
        label=_("More"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget(),
        help_text=_("The report's own parameters as its address has them, such as idle=180."),
    )  # fmt: skip
    recipients = forms.CharField(
        label=_("Recipients"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Addresses of e-mail, one a line or with commas between them."),
    )  # fmt: skip
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=WEEKDAYS, initial=0, widget=UnfoldAdminSelectWidget(),
        help_text=_("Of what is sent once a week."),
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=28, initial=1,
        widget=UnfoldAdminIntegerFieldWidget(), help_text=_("Of what is sent once a month."),
    )  # fmt: skip
    hour = forms.IntegerField(
        label=_("Hour"),
        min_value=0,
        max_value=23,
        initial=7,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    class Meta:
        model = ReportSchedule
        fields = ("report", "warehouse", "days", "more", "form", "recipients", "rhythm", "weekday",
                  "month_day", "hour", "time_zone", "enabled")  # fmt: skip

    who: Staff  # whose form it is

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(one.key, str(one.title)) for one in registry.reports()]
        self.fields["report"].choices = choices  # type: ignore[attr-defined]
        if self.instance.pk:
            kept = dict(self.instance.parameters)
            self.initial["recipients"] = "\n".join(self.instance.recipients)
            self.initial["warehouse"] = kept.pop("warehouse", "")
            self.initial["days"] = kept.pop("days", None)
            self.initial["more"] = "&".join(f"{k}={v}" for k, v in kept.items())

    def clean_recipients(self) -> list[str]:
        given = [x.strip() for x in self.cleaned_data["recipients"].replace(",", "\n").splitlines()]
        found = list(dict.fromkeys(x for x in given if x))
        for one in found:
            validate_email(one)
        if not 1 <= len(found) <= MOST_RECIPIENTS:
            raise forms.ValidationError(_("1 to 20 addresses."))
        return found

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("A name such as Europe/Berlin or UTC."))
        return zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        report = registry.report(given.get("report", ""))
        if report is not None and not self.errors:
            self.instance.parameters = self._parameters(report)
            asked = ask(
                report=report,
                data=self.instance.parameters,
                now=timezone.now(),
                within=self.who.within,
            )
            for name, faults in asked.form.errors.items():
                self.add_error(name if name in ("warehouse", "days") else "more", faults)
        return given

    def _parameters(self, report: Report) -> dict[str, str]:
        given = {"warehouse": self.cleaned_data["warehouse"].strip().upper()}
        if report.period and self.cleaned_data["days"]:
            given["days"] = str(self.cleaned_data["days"])
        own = {one.key for one in report.parameters if isinstance(one, Choice | Search)}
        for pair in filter(None, self.cleaned_data["more"].split("&")):
            key, _eq, value = pair.partition("=")
            if key.strip() not in own:
                known = ", ".join(sorted(own)) or "none"
                raise forms.ValidationError(
                    {"more": _("%(key)s is no parameter of this report; there are: %(known)s.")
                             % {"key": key, "known": known}}
                )  # fmt: skip
            given[key.strip()] = value.strip()
        return {key: value for key, value in given.items() if value}


class ByReport(admin.SimpleListFilter):
    """Reports by their names."""

    title = _("report")
    parameter_name = "report"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.key, str(one.title)) for one in registry.reports()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(report=self.value()) if self.value() else queryset


class HowItWent(admin.SimpleListFilter):
    """What came of the last time."""

    title = _("last time")
    parameter_name = "went"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failed", _("Failed")), ("sent", _("Sent")), ("never", _("Never sent yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted: dict[str, QuerySet[Any]] = {
            "failed": queryset.filter(failures__gt=0),
            "sent": queryset.filter(failures=0).exclude(sent_at=None),
            "never": queryset.filter(sent_at=None),
        }
        return wanted.get(self.value() or "", queryset)


@admin.register(ReportSchedule)
class ReportScheduleAdmin(NotOutdated, TakenAlong, Confirmed, ModelAdmin):  # type: ignore[misc]
    """Everybody who may read reports sees what is sent; managers decide it, for their own warehouses."""

    form = ScheduleForm
    list_display = (
        "title", "rhythm", "hour", "time_zone", "to", "enabled", "due_at", "sent_at", "last_error",
    )  # fmt: skip
    list_filter = ("enabled", "rhythm", ByReport, HowItWent)
    nothing_here = _(
        "No report is sent by mail. Open a report under Reports, ask what you want to know, and choose to"
        " have it sent; or add one here."
    )
    list_select_related = ("owner",)
    search_fields = ("report", "recipients", "owner__username")
    search_help_text = _("A report, an address, or whose it is.")
    actions = ("send_chosen",)
    readonly_fields = ("owner", "due_at", "sent_at", "failures", "last_error", "rests_until")
    compressed_fields = True

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = [(None, {"fields": ScheduleForm.Meta.fields})]
        return [*told, (_("What came of it"), {"fields": self.readonly_fields})] if obj else told

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        made = super().get_form(request, obj, change=change, **more)
        return type(made.__name__, (made,), {"who": staff(request.user)})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the page of a report hands over: the report, and what was asked of it."""
        given = request.GET.dict()
        own = {k: v for k, v in given.items() if k not in (*FIELDS, "report") and v}
        return {
            "report": given.get("report", ""),
            "warehouse": given.get("warehouse", ""),
            "days": given.get("days", ""),
            "more": "&".join(f"{k}={v}" for k, v in own.items()),
            "time_zone": next((one.zone for one in registry.places()), "UTC"),
        }

    def get_queryset(self, request: HttpRequest) -> Any:
        """Those of one's own; of everybody for whoever is limited to no warehouse."""
        found = super().get_queryset(request)
        return (
            found if staff(request.user).within is None else found.filter(owner_id=request.user.pk)
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the title that the list shows, too, in the reader's language."""
        found, twice = super().get_search_results(request, queryset, search_term)
        sought = search_term.strip().casefold()
        known = [one.key for one in registry.reports() if sought in str(one.title).casefold()]
        return (found | queryset.filter(report__in=known) if sought else found), twice

    @admin.display(description=_("report"), ordering="report")
    def title(self, row: ReportSchedule) -> str:
        report = registry.report(row.report)
        return str(report.title) if report else row.report

    @admin.display(description=_("to"))
    def to(self, row: ReportSchedule) -> str:
        return ", ".join(row.recipients)

    def save_model(
        self, request: HttpRequest, obj: ReportSchedule, form: Any, change: bool
    ) -> None:
        """Whoever saves it last is its owner: it shows what that person may see."""
        obj.owner_id = staff(request.user).user_id
        obj.due_at = schedules.next_due(schedule=obj, after=timezone.now())
        obj.failures, obj.rests_until, obj.last_error = 0, None, ""
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Send now"), permissions=["change"])
    def send_chosen(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> None:
        """At once where a worker is there, else with the next sweep."""
        from inventory_site.core.tasks import send_reports

        ids = list(queryset.values_list("pk", flat=True))
        count = in_unit_of_work(lambda: schedules.send_now(schedules=ids, now=timezone.now()))
        try:
            send_reports.delay()
        except OperationalError:
            messages.warning(
                request, _("The queue cannot be reached; it goes out within five minutes.")
            )
        words = ngettext("%(n)s on its way.", "%(n)s on their way.", count)
        messages.success(request, words % {"n": count})

    def _is_manager(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated) and staff(request.user).is_manager

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_manager(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_manager(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_manager(request)
