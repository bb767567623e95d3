"""People: who they are, their roles, where they work. Django's own lists of permissions are not shown."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import APIKey as LibraryKey
from unfold.admin import ModelAdmin
from unfold.decorators import display

from inventory_site.core.admin.forms import (
    Asked,
    ServiceHasTheLastWord,
    checkboxes,
    shown_once,
)
from inventory_site.core.db import in_unit_of_work, one_at_a_time
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.labels import Label
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY, RECEIVER, ROLE_NAMES, staff
from inventory_site.core.staffing import Person, give_password, reachable, save_person
from inventory_site.core.stale import NotOutdated

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(LibraryKey)

ROLE_WORDS = (
    (MANAGER, _("Operations manager: sees everything, sets up everything, decides")),
    (RECEIVER, _("Receiver: receives, puts away and takes returns; sees stock and purchasing")),
    (PICKER, _("Picker: picks, packs, counts and moves on the floor; no back office")),
    (READ_ONLY, _("Read-only: sees stock and documents, changes nothing")),
)


class PersonForm(Asked):
    roles = checkboxes(_("Roles"), words=_("What they may do; none: nothing."))
    warehouses = checkboxes(_("Warehouses"), words=_("None chosen: all of them."))

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")
        labels = {"username": _("Name to sign in with"), "is_active": _("Active")}
        help_texts = {
            "username": _("Letters, digits and @ . + - _"),
            "is_active": _(
                "Without it they cannot sign in, and are out at their next click or scan."
            ),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = self.instance.pk is not None
        roles = list(self.instance.groups.values_list("name", flat=True)) if known else []
        access = getattr(self.instance, "access", None) if known else None
        self.offer("roles", ROLE_WORDS, chosen=roles)
        self.offer_warehouses(chosen=access.warehouses if access else ())

    @property
    def person(self) -> Person:
        """What was asked for."""
        given = self.cleaned_data
        return Person(
            roles=frozenset(given["roles"]),
            warehouses=frozenset(given["warehouses"]),
            active=given["is_active"],
        )


class WithRole(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(ROLE_NAMES[name]).capitalize()) for name, _words in ROLE_WORDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class WhereTheyWork(WarehouseFilter):
    """Who works there, those of all warehouses among them."""

    def there(self, rows: Any, code: str) -> Any:
        everywhere = Q(access=None) | Q(access__warehouses=[])
        return rows.filter(everywhere | Q(access__warehouses__contains=[code]))


class SignedIn(admin.SimpleListFilter):
    """When they signed in last."""

    title = _("signed in")
    parameter_name = "signed_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("7", _("In the last 7 days")),
            ("30", _("In the last 30 days")),
            ("not-90", _("Not for 90 days")),
            ("never", _("Never")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        wanted: dict[str, QuerySet[Any]] = {
            "7": queryset.filter(last_login__gte=now - timedelta(days=7)),
            "30": queryset.filter(last_login__gte=now - timedelta(days=30)),
            "not-90": queryset.exclude(last_login__gte=now - timedelta(days=90)),
            "never": queryset.filter(last_login=None),
        }
        return wanted.get(self.value() or "", queryset)


@admin.register(User)
class UserAdmin(NotOutdated, ServiceHasTheLastWord, TakenAlong, ModelAdmin):  # type: ignore[misc]
    """A manager sees and sets those who have no more than they have themselves."""

    form = PersonForm
    list_display = ("username", "full_name", "roles", "warehouses", "active", "last_login")
    list_filter = (WithRole, WhereTheyWork, SignedIn, "is_active")
    nothing_here = _(
        "Nobody else works here yet. Add each person: their roles and warehouses; the password is made here"
        " and shown once."
    )
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    list_per_page = 50
    show_full_result_count = False
    fields = (
        ("username", "is_active"), ("first_name", "last_name"), "email", "roles", "warehouses",
    )  # fmt: skip
    change_form_outer_before_template = "admin/person_password.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        own = reachable(staff(request.user), superuser=bool(request.user.is_superuser))
        found: QuerySet[User] = own.select_related("access").prefetch_related("groups")
        return found.order_by("username")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The ledger carries their names: whoever leaves is deactivated."""
        return False

    def _overtaken_by(self, request: HttpRequest, key: str) -> list[str]:
        """The services' own lock comes first, as with them: rows are locked after it."""
        one_at_a_time("people")
        return super()._overtaken_by(request, key)

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "-"

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        known = sorted(group.name for group in user.groups.all())
        named = [str(ROLE_NAMES.get(name, name)) for name in known]
        return ", ".join([gettext("superuser"), *named] if user.is_superuser else named) or "-"

    @admin.display(description=_("warehouses"))
    def warehouses(self, user: User) -> str:
        access = getattr(user, "access", None)
        return ", ".join(access.warehouses if access else ()) or gettext("all")

    @display(description=_("active"), label={"active": "success", "left": "info"})  # type: ignore[untyped-decorator]
    def active(self, user: User) -> Label:
        if user.is_active:
            return Label("active", gettext("active"))
        return Label("left", gettext("left"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        form.save_m2m = lambda: None  # roles are the service's
        return form.instance

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        who = staff(request.user)
        save_person(user=obj, person=form.person, who=who)
        if not change:
            request.password = give_password(user=obj, who=who)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: User, *args: Any) -> HttpResponse:
        return self._password_page(request, obj, request.password)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:user_id>/new-password/",
            self.admin_site.admin_view(self.new_password),
            name="auth_user_new_password",
        )
        return [own, *super().get_urls()]

    def new_password(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """The button on a person's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = self.get_object(request, str(user_id))
        if user is None or not self.has_change_permission(request, user):
            return HttpResponse(status=404)
        back = HttpResponseRedirect(reverse("admin:auth_user_change", args=[user_id]))
        if user.pk == request.user.pk:
            words = gettext("Your own you change yourself: Change password, in the menu.")
            messages.error(request, words)
            return back
        try:
            password = in_unit_of_work(lambda: give_password(user=user, who=staff(request.user)))
        except DomainError as error:
            messages.error(request, error.detail)
            return back
        return self._password_page(request, user, password)

    def _password_page(self, request: HttpRequest, user: User, password: str) -> HttpResponse:
        return shown_once(
            request,
            {**self.admin_site.each_context(request), "opts": self.model._meta},
            secret=password,
            label=gettext("Password"),
            title=gettext("A password for %(name)s") % {"name": user.get_username()},
            words=gettext(
                "Hand it over now: it is not shown again. Whoever is signed in with an older one is out."
            ),
            next_steps=self._where_to_sign_in(user),
            back=reverse("admin:auth_user_changelist"),
        )

    @staticmethod
    def _where_to_sign_in(user: User) -> list[str]:
        floor = gettext("On the floor: %(address)s") % {"address": reverse("floor:sign-in")}
        office = gettext("In the back office: %(address)s; there they can change it")
        office %= {"address": reverse("admin:login")}
        return [floor, office] if user.is_staff else [floor]
