"""Where alerts are told, and what was told there."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display

from inventory_site.core.confirming import Confirmed, at_once
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.labels import Label
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.stale import NotOutdated
from notifications.admin.alerts import SEVERITIES
from notifications.admin.channel_forms import ChannelForm, RouteForm, RouteForms
from notifications.admin.rights import ForGeneralManagers, ShownToManagers
from notifications.models import Channel, Ring, Route
from notifications.services import channels

WAITING = Ring.objects.filter(channel=OuterRef("pk"), sent_at=None, dropped_at=None)
MOST_TESTS = 5  # at once: each may take half a minute
STATES = {"ok": _("ok"), "failing": _("failing"), "off": _("off"), "new": _("new")}
OUTCOMES = {
    "told": _("told"),
    "waits": _("waits"),
    "dropped": _("dropped"),
    "refused": _("refused"),
}


class Routes(ForGeneralManagers, StackedInline):  # type: ignore[misc]
    model = Route
    form = RouteForm
    formset = RouteForms
    extra = 0
    fields = (
        ("severities", "every_minutes"), ("rules", "warehouses"), ("quiet_from", "quiet_until"), "time_zone",
    )  # fmt: skip

    def get_extra(self, request: HttpRequest, obj: Any = None, **more: Any) -> int:
        """A new channel begins with a route: without one it is told of nothing."""
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Route]:
        found: QuerySet[Route] = super().get_queryset(request)
        return found.select_related("channel")


@admin.register(Channel)
class ChannelAdmin(NotOutdated, ForGeneralManagers, TakenAlong, Confirmed, ModelAdmin):  # type: ignore[misc]
    """Addresses are taken in a field of their own and are never given back."""

    form = ChannelForm
    inlines = (Routes,)
    list_display = ("name", "kind", "shown_address", "state", "how", "waiting")
    readonly_fields = ("shown_address", "how")
    search_fields = ("name",)
    show_full_result_count = False
    list_filter = ("kind", "enabled")
    nothing_here = _(
        "Alerts are told nowhere but here in the back office. Add a channel: addresses of e-mail, a chat or a"
        " phone, with a route that says of which alerts."
    )
    actions = ("send_test", "turn_on", "turn_off")
    change_form_outer_before_template = "admin/channel_test.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        known = ("shown_address", "address", "enabled", "how") if obj else ("address", "enabled")
        return ("name", "kind", *known)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        found: QuerySet[Channel] = super().get_queryset(request)
        counted = WAITING.order_by().values("channel").annotate(n=Count("pk")).values("n")
        return found.annotate(waits=Coalesce(Subquery(counted), 0))

    @admin.display(description=_("address"))
    def shown_address(self, channel: Channel) -> str:
        return channels.shown_address(channel)

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={"ok": "success", "failing": "danger", "off": "info", "new": "warning"},
    )
    def state(self, channel: Channel) -> Label:
        name = channels.state(channel).name
        return Label(name, STATES[name])

    @admin.display(description=_("how it does"))
    def how(self, channel: Channel) -> str:
        return channels.state(channel).words

    @admin.display(description=_("waiting"), ordering="waits")
    def waiting(self, channel: Any) -> int:
        return int(channel.waits)

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        channels.save(channel=obj, address=form.cleaned_data["address"] or None)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What was told on a channel goes with it, though nobody may delete it by itself."""
        found, counts, _, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:channel_id>/send-test/",
            self.admin_site.admin_view(self.test_view),
            name="notifications_channel_send_test",
        )
        return [own, *super().get_urls()]

    def test_view(self, request: HttpRequest, channel_id: int) -> HttpResponse:
        """The button on a channel's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        channel = self.get_object(request, str(channel_id))
        if channel is None or not self.has_change_permission(request, channel):
            return HttpResponse(status=404)
        _test(request, channel)
        return HttpResponseRedirect(
            reverse("admin:notifications_channel_change", args=[channel_id])
        )

    @at_once
    @admin.action(description=_("Send a test message"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        chosen = list(queryset[: MOST_TESTS + 1])
        if len(chosen) > MOST_TESTS:
            words = gettext("At most %(most)s channels are tested at once.")
            messages.error(request, words % {"most": MOST_TESTS})
            return
        for channel in chosen:
            _test(request, channel)

    @admin.action(description=_("Turn on"), permissions=["change"])
    def turn_on(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        _switch(request, queryset, True)

    @admin.action(description=_("Turn off: what comes up waits"), permissions=["change"])
    def turn_off(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        _switch(request, queryset, False)


def _test(request: HttpRequest, channel: Channel) -> None:
    outcome = channels.send_test(channel=channel)
    if outcome.sent:
        in_unit_of_work(lambda: channels.note_that_it_works(channel_id=channel.pk))
        messages.success(request, f"{channel.name}: {outcome.words}")
    else:
        messages.error(request, f"{channel.name}: {outcome.words}")


def _switch(request: HttpRequest, queryset: QuerySet[Channel], enabled: bool) -> None:
    for channel_id in queryset.order_by("id").values_list("id", flat=True):
        in_unit_of_work(
            lambda id_=channel_id: channels.switch(channel_id=id_, enabled=enabled)  # type: ignore[misc]
        )
    messages.success(request, gettext("Turned on.") if enabled else gettext("Turned off."))


class ByOutcome(admin.SimpleListFilter):
    """What became of it."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waits", _("Waiting")),
            ("told", _("Told")),
            ("dropped", _("Dropped: the cause was gone, or somebody at it")),
            ("refused", _("Refused by the service")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ring]) -> QuerySet[Ring]:
        wanted: dict[str, QuerySet[Ring]] = {
            "waits": queryset.filter(sent_at=None, dropped_at=None),
            "told": queryset.exclude(sent_at=None),
            "dropped": queryset.exclude(dropped_at=None).filter(refused=""),
            "refused": queryset.exclude(refused=""),
        }
        return wanted.get(self.value() or "", queryset)


@admin.register(Ring)
class RingAdmin(ShownToManagers):
    """What was told, where and when; and what waits."""

    warehouse_paths = ("alert__warehouse",)
    list_display = ("alert_title", "severity", "channel", "outcome", "due_at", "sent_at")
    list_filter = ("channel", ByOutcome, "alert__severity")
    nothing_here = _(
        "Nothing was told yet. Each alert that a channel is told of leaves a line here, with when, and what"
        " came of it."
    )
    list_select_related = ("alert", "channel")
    search_fields = ("alert__title", "message")

    @admin.display(description=_("alert"), ordering="alert__title")
    def alert_title(self, ring: Ring) -> str:
        return ring.alert.title

    @admin.display(description=_("severity"), ordering="alert__severity")
    def severity(self, ring: Ring) -> Any:
        told = ring.severity or ring.alert.severity
        return SEVERITIES.get(told, told)

    @display(  # type: ignore[untyped-decorator]
        description=_("outcome"),
        label={"told": "success", "waits": "warning", "dropped": "info", "refused": "danger"},
    )
    def outcome(self, ring: Ring) -> Label:
        name = "told" if ring.sent_at else "waits"
        if ring.dropped_at:
            name = "refused" if ring.refused else "dropped"
        return Label(name, OUTCOMES[name])
