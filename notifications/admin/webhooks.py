"""Webhooks and what was sent to them. Everybody with the right to look may look, managers change."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from inventory_site.core.admin.forms import Asked, ServiceHasTheLastWord
from inventory_site.core.confirming import Confirmed, at_once
from inventory_site.core.db import in_unit_of_work, one_at_a_time
from inventory_site.core.errors import DomainError
from inventory_site.core.labels import Label
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.office import ShownLines, ShownOnly
from inventory_site.core.roles import MANAGER, Staff
from inventory_site.core.stale import NotOutdated
from notifications.admin.rights import is_manager, staff_of
from notifications.admin.webhook_filters import ByTopic, HowItIs, OwnEndpoint
from notifications.models import Attempt, Delivery, Endpoint
from notifications.services import delivery_log, endpoints
from notifications.services.endpoints import Keyed, Replayed
from notifications.services.messages import TEST

GIVEN = ("name", "url", "types", "warehouses")
STATUSES = {
    "healthy": _("healthy"),
    "failing": _("failing"),
    "resting": _("resting"),
    "disabled": _("disabled"),
    "off": _("off"),
}
COLOURS = {
    "healthy": "success",
    "failing": "warning",
    "resting": "warning",
    "disabled": "danger",
    "off": "info",
}


class WebhookForm(Asked):
    """What a manager gives. The service says what is wrong with it."""

    class Meta:
        model = Endpoint
        fields = GIVEN
        labels = {"url": _("Address")}
        help_texts = {
            "name": _("Whose address it is, such as shop."),
            "url": _("https://… and public."),
            "types": _("With commas between them, e.g. stock.*, order.shipped; empty: all."),
            "warehouses": _("Only levels of these, with commas between them; empty: of all."),
        }

    def clean(self) -> dict[str, Any]:
        """The values as they will be kept."""
        given = super().clean() or {}
        try:
            return endpoints.checked(
                **{name: given.get(name) for name in GIVEN},
                within=self.who.within,
                but=self.instance.pk or 0,
            )
        except DomainError as error:
            field = str(error.items[0].get("pointer", "/warehouses")).removeprefix("/")
            self.add_error(field, error.detail)
            return given


@admin.register(Endpoint)
class EndpointAdmin(NotOutdated, ServiceHasTheLastWord, TakenAlong, Confirmed, ModelAdmin):  # type: ignore[misc]
    form = WebhookForm
    formfield_overrides = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}
    list_display = ("name", "how", "url", "told_of", "pending", "delivered_at", "trouble")
    list_filter = (HowItIs,)
    search_fields = ("name", "url")
    nothing_here = _(
        "Nobody is told of events over HTTP. Add the address of your shop or ERP: it is told of each change"
        " of stock, in order and signed."
    )
    readonly_fields = (
        "how", "trouble", "pending", "last_sequence", "delivered_at", "failed_at", "rests_until",
        "old_secret_until", "actor", "created_at",
    )  # fmt: skip
    fields = (*GIVEN, *readonly_fields)
    actions = ("send_test", "rotate", "enable", "disable", "replay_failed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        seen = delivery_log.webhooks(within=_who(request).within)
        return delivery_log.with_pending(seen).order_by("name")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else GIVEN

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Managers only."""
        return is_manager(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_manage_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_manage_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("status"), label=COLOURS)  # type: ignore[untyped-decorator]
    def how(self, obj: Endpoint) -> Label:
        return Label(str(obj.status), STATUSES[str(obj.status)])

    @admin.display(description=_("told of"))
    def told_of(self, obj: Endpoint) -> str:
        return ", ".join([*obj.types, *obj.warehouses]) or gettext("everything")

    @admin.display(description=_("pending"))
    def pending(self, obj: Endpoint) -> int:
        return int(obj.pending)  # type: ignore[attr-defined]

    @admin.display(description=_("trouble"))
    def trouble(self, obj: Endpoint) -> str:
        return obj.disabled_why or (obj.last_error if obj.failed_at else "")

    def _overtaken_by(self, request: HttpRequest, key: str) -> list[str]:
        """The services' own lock comes first, as with them: rows are locked after it."""
        one_at_a_time("webhooks")
        return super()._overtaken_by(request, key)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """One call of the service, in the transaction of the page."""
        who = _who(request)
        given = form.cleaned_data
        if change:
            endpoints.change(endpoint=obj.pk, within=who.within, **given)
            return
        made = endpoints.create(actor=who.actor, within=who.within, **given)
        obj.pk, request._made = made.endpoint.pk, made  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        return self._secrets(request, [request._made])  # type: ignore[attr-defined]

    def _secrets(self, request: HttpRequest, made: list[Keyed]) -> HttpResponse:
        """Not a message, which would be kept until it is shown."""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Copy the secret now"),
            "words": gettext(
                "It is shown this once. The receiver checks with it that a message comes from here;"
                " an old one stays valid for 24 hours."
            ),
            "made": made,
            "back": reverse("admin:notifications_endpoint_changelist"),
        }
        return TemplateResponse(request, "admin/webhook_secrets.html", context)

    @at_once
    @admin.action(description=_("Send a test message"), permissions=["manage"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        def work(number: int, who: Staff) -> int:
            return endpoints.send_test(endpoint=number, within=who.within)

        done = _carry_out(request, _named(queryset), work)
        words = ngettext(
            "%(n)s sent a test; the deliveries tell what came of it.",
            "%(n)s sent a test; the deliveries tell what came of it.",
            len(done),
        )
        _say(request, words, done)

    @admin.action(
        description=_("New secret (the old one is valid for a day)"), permissions=["manage"]
    )
    def rotate(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> HttpResponse | None:
        def work(number: int, who: Staff) -> Keyed:
            return endpoints.rotate_secret(endpoint=number, within=who.within)

        made = _carry_out(request, _named(queryset), work)
        words = ngettext("%(n)s given a new secret.", "%(n)s given a new secret.", len(made))
        _say(request, words, made)
        return self._secrets(request, made) if made else None

    @admin.action(
        description=_("Enable: send what waits, as if never tried"), permissions=["manage"]
    )
    def enable(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        def work(number: int, who: Staff) -> Endpoint:
            return endpoints.enable(endpoint=number, within=who.within)

        done = _carry_out(request, _named(queryset), work)
        _say(request, ngettext("%(n)s enabled.", "%(n)s enabled.", len(done)), done)

    @admin.action(description=_("Switch off (nothing is kept for it)"), permissions=["manage"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        def work(number: int, who: Staff) -> Endpoint:
            return endpoints.disable(endpoint=number, actor=who.actor, within=who.within)

        done = _carry_out(request, _named(queryset), work)
        _say(request, ngettext("%(n)s switched off.", "%(n)s switched off.", len(done)), done)

    @admin.action(description=_("Send again what failed"), permissions=["manage"])
    def replay_failed(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        def work(number: int, who: Staff) -> Replayed:
            return endpoints.replay(endpoint=number, within=who.within)

        done: list[Replayed] = _carry_out(request, _named(queryset), work)
        words = ngettext("%(n)s sent what had failed.", "%(n)s sent what had failed.", len(done))
        _say(request, words, done)
        words = gettext("%(n)s more failed: send them again once these are through.")
        _say_what_is_left(request, words, done)


class Attempts(ShownLines):
    """Each try of one message."""

    model = Attempt
    fields = ("at", "status_code", "error", "answer", "duration_ms")
    readonly_fields = fields
    verbose_name_plural = _("attempts")


@admin.register(Delivery)
class DeliveryAdmin(ShownOnly):
    """The log. A reference is searched for as it is written."""

    list_display = (
        "sequence", "endpoint", "type", "reference", "status", "attempts", "last_answer", "due_at", "done_at",
    )  # fmt: skip
    list_filter = ("status", OwnEndpoint, ByTopic, ("created_at", admin.DateFieldListFilter))
    nothing_here = _(
        "No message was made for a webhook yet. From the moment a webhook is added, each event that it wants"
        " leaves a line here, with every attempt to deliver it."
    )
    list_select_related = ("endpoint", "event")
    search_fields = ("reference__exact",)
    search_help_text = _("The whole reference of what it is about.")
    fields = (
        "endpoint", "sequence", "message", "type", "reference", "status", "attempts", "created_at", "due_at",
        "done_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Attempts,)
    actions = ("replay",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        """By one index; Django would ask for each word by itself."""
        reference = search_term.strip()
        return (queryset.filter(reference=reference) if reference else queryset), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = super().get_queryset(request)
        who = _who(request)
        if who.within is not None:
            # They are few; a subquery would be asked for each row.
            own = list(delivery_log.webhooks(within=who.within).values_list("pk", flat=True))
            found = found.filter(endpoint__in=own)
        last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-id")
        return found.annotate(
            last_code=Subquery(last.values("status_code")[:1]),
            last_fault=Subquery(last.values("error")[:1]),
        )

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Managers only."""
        return is_manager(request)

    @admin.display(description=_("type"))
    def type(self, obj: Delivery) -> str:
        return obj.event.type if obj.event else TEST

    @admin.display(description=_("last answer"))
    def last_answer(self, obj: Any) -> str:
        return obj.last_fault or str(obj.last_code or "")

    @admin.action(description=_("Send again"), permissions=["manage"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        chosen: dict[int, list[int]] = defaultdict(list)
        for endpoint, sequence in queryset.order_by("id").values_list("endpoint", "sequence"):
            chosen[endpoint].append(sequence)

        def work(number: int, who: Staff) -> Replayed:
            return endpoints.replay(endpoint=number, sequences=chosen[number], within=who.within)

        names = dict(Endpoint.objects.filter(pk__in=chosen).values_list("pk", "name"))
        done: list[Replayed] = _carry_out(request, names, work)
        many = sum(one.many for one in done)
        words = ngettext(
            "%(n)s to be sent again; what is pending already is left alone.",
            "%(n)s to be sent again; what is pending already is left alone.",
            many,
        )
        messages.info(request, words % {"n": many})
        words = gettext("%(n)s more are not: send them again once these are through.")
        _say_what_is_left(request, words, done)


def _who(request: HttpRequest) -> Staff:
    """Who asks; nobody else comes this far."""
    who = staff_of(request)
    assert who is not None
    return who


def _named(queryset: QuerySet[Endpoint]) -> dict[int, str]:
    return dict(queryset.order_by("name").values_list("pk", "name"))


def _carry_out(
    request: HttpRequest, named: dict[int, str], work: Callable[[int, Staff], Any]
) -> list[Any]:
    """Do it to each in a transaction of its own; a refusal is shown in its own words."""
    who = _who(request)
    results = []
    for number, name in named.items():
        try:
            who.check_role(MANAGER)
            results.append(in_unit_of_work(lambda n=number: work(n, who)))  # type: ignore[misc]
        except DomainError as error:
            messages.error(request, f"{name}: {error.detail}")
    return results


def _say(request: HttpRequest, words: str, done: list[Any]) -> None:
    if done:
        messages.success(request, words % {"n": len(done)})


def _say_what_is_left(request: HttpRequest, words: str, done: list[Replayed]) -> None:
    """More than are sent again at once."""
    left = sum(one.left for one in done)
    if left:
        messages.warning(request, words % {"n": f"{left:,}"})
