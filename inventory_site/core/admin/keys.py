"""API keys: made and shown once, changed, rotated, revoked."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from inventory_site.core.admin.forms import Asked, ServiceHasTheLastWord, checkboxes, shown_once
from inventory_site.core.auth import SCOPES
from inventory_site.core.db import in_unit_of_work, one_at_a_time
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.keys import NewKey, change_key, make_key, revoke_key, rotate_key
from inventory_site.core.labels import Label
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import staff
from inventory_site.core.stale import NotOutdated

# How long the old key goes on working, in hours.
OVERLAPS = {
    "0": _("ends at once"),
    "1": _("works for 1 hour"),
    "24": _("works for 1 day"),
    "168": _("works for 7 days"),
}


STATES = {
    "works": _("works"),
    "ends soon": _("ends soon"),
    "expired": _("expired"),
    "revoked": _("revoked"),
}
SOON = timedelta(days=7)
UNUSED = timedelta(days=90)


def _until() -> str:
    return gettext("%(zone)s. Empty: it works until it is revoked.") % {
        "zone": timezone.get_current_timezone_name()
    }


class KeyForm(Asked):
    scopes = checkboxes(_("Scopes"), required=True, words=_("What whoever has the key may do."))
    warehouses = checkboxes(_("Warehouses"), words=_("None chosen: all of them."))

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "warehouses", "expiry_date")
        help_texts = {
            "name": _("Whose key it is, such as shop. The ledger carries it."),
            "expiry_date": lazy(_until, str)(),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = [(scope, f"{scope}: {what}") for scope, what in SCOPES.items()]
        self.offer("scopes", words, chosen=self.instance.scopes or [])
        self.offer_warehouses(chosen=self.instance.warehouses or [])


class ByState(admin.SimpleListFilter):
    """Whether it works, and whether anybody uses it."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("works", _("Works")),
            ("unused", _("Works, but unused for 90 days")),
            ("soon", _("Ends within 7 days")),
            ("expired", _("Expired")),
            ("revoked", _("Revoked")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        now = timezone.now()
        over = Q(expiry_date__lte=now)
        works = queryset.filter(revoked=False).exclude(over)
        before = now - UNUSED
        wanted: dict[str, QuerySet[ApiKey]] = {
            "works": works,
            "unused": works.filter(
                Q(last_used_at__lt=before) | Q(last_used_at=None, created__lt=before)
            ),
            "soon": works.filter(expiry_date__lt=now + SOON),
            "expired": queryset.filter(over, revoked=False),
            "revoked": queryset.filter(revoked=True),
        }
        return wanted.get(self.value() or "", queryset)


class WhereItWorks(WarehouseFilter):
    """Keys that work there, those of all warehouses among them."""

    def there(self, rows: Any, code: str) -> Any:
        return rows.filter(Q(warehouses=[]) | Q(warehouses__contains=[code]))


@admin.register(ApiKey)
class ApiKeyAdmin(NotOutdated, ServiceHasTheLastWord, TakenAlong, ModelAdmin):  # type: ignore[misc]
    """A manager sees and sets keys of their own warehouses."""

    form = KeyForm
    list_display = ("name", "prefix", "state", "allowed", "where", "expiry_date", "last_used_at")
    list_filter = (ByState, WhereItWorks)
    nothing_here = _(
        "No program may use the API yet. Make a key for your shop: what it may do, and in which warehouses;"
        " it is shown once."
    )
    search_fields = ("name", "prefix")
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_form_outer_before_template = "admin/key_end.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        found: QuerySet[ApiKey] = super().get_queryset(request)
        within = staff(request.user).within
        if within is None:
            return found
        return found.filter(warehouses__contained_by=sorted(within)).exclude(warehouses=[])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        asked = ("scopes", "warehouses", "expiry_date")
        return (("name", "prefix"), ("state", "last_used_at"), *asked) if obj else ("name", *asked)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Reservations and the ledger carry the name, so it stays."""
        return ("name", "prefix", "state", "last_used_at") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or (not obj.revoked and not obj.has_expired))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={"works": "success", "expired": "info", "revoked": "info", "ends soon": "warning"},
    )
    def state(self, key: ApiKey) -> Label:
        name = "works"
        if key.revoked:
            name = "revoked"
        elif key.has_expired:
            name = "expired"
        elif key.expiry_date and key.expiry_date < timezone.now() + SOON:
            name = "ends soon"
        return Label(name, STATES[name])

    @admin.display(description=_("scopes"))
    def allowed(self, key: ApiKey) -> str:
        return ", ".join(key.scopes) if len(key.scopes) < len(SCOPES) else gettext("all")

    @admin.display(description=_("warehouses"))
    def where(self, key: ApiKey) -> str:
        return ", ".join(key.warehouses) or gettext("all")

    def _overtaken_by(self, request: HttpRequest, key: str) -> list[str]:
        """The services' own lock comes first, as with them: rows are locked after it."""
        one_at_a_time("api keys")
        return super()._overtaken_by(request, key)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        form.save_m2m = lambda: None
        return form.instance

    def save_model(self, request: HttpRequest, obj: ApiKey, form: KeyForm, change: bool) -> None:
        given, who = form.cleaned_data, staff(request.user)
        asked: dict[str, Any] = {
            "scopes": given["scopes"],
            "warehouses": given["warehouses"],
            "expires_at": given["expiry_date"],
        }
        if change:
            change_key(prefix=obj.prefix, who=who, **asked)
        else:
            made = make_key(name=given["name"], who=who, **asked)
            obj.pk = made.prefix
            request.made = made  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiKey, *args: Any) -> HttpResponse:
        return self._key_page(request, request.made)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<str:prefix>/{name}/",
                self.admin_site.admin_view(view),
                name=f"core_apikey_{name}",
            )
            for name, view in (("rotate", self.rotate), ("revoke", self.revoke))
        ]
        return [*own, *super().get_urls()]

    def rotate(self, request: HttpRequest, prefix: str) -> HttpResponse:
        """A new key for the old one, which goes on working for as long as was chosen."""
        refused = self._refused(request, prefix)
        if refused:
            return refused
        hours = request.POST.get("overlap", "")
        if hours not in OVERLAPS:
            hours = "24"
        try:
            made = in_unit_of_work(
                lambda: rotate_key(
                    prefix=prefix, overlap=timedelta(hours=int(hours)), who=staff(request.user)
                )
            )
        except DomainError as error:
            messages.error(request, error.detail)
            return self._back(prefix)
        told = {"prefix": prefix, "what": OVERLAPS[hours]}
        return self._key_page(request, made, gettext("The old key, %(prefix)s, %(what)s.") % told)

    def revoke(self, request: HttpRequest, prefix: str) -> HttpResponse:
        """End a key for good."""
        refused = self._refused(request, prefix)
        if refused:
            return refused
        try:
            in_unit_of_work(lambda: revoke_key(prefix=prefix, who=staff(request.user)))
            words = gettext("Revoked. Within 5 seconds nobody answers to it any more.")
            messages.success(request, words)
        except DomainError as error:
            messages.error(request, error.detail)
        return self._back(prefix)

    def _refused(self, request: HttpRequest, prefix: str) -> HttpResponse | None:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        key = self.get_object(request, prefix)
        if key is None or not self.has_change_permission(request):
            return HttpResponse(status=404)
        return None

    def _back(self, prefix: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:core_apikey_change", args=[prefix]))

    def _key_page(self, request: HttpRequest, made: NewKey, more: str = "") -> HttpResponse:
        return shown_once(
            request,
            {**self.admin_site.each_context(request), "opts": self.model._meta},
            secret=made.secret,
            label=gettext("API key"),
            title=gettext("The new key of %(name)s") % {"name": made.name},
            words=gettext("Copy it now: it is not shown again. Only its hash is kept."),
            next_steps=[
                gettext("Send it as: %(header)s")
                % {"header": f"Authorization: Api-Key {made.prefix}.…"},
                *filter(None, [more]),
            ],
            back=reverse("admin:core_apikey_changelist"),
        )
