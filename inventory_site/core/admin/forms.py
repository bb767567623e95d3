"""Forms of which a service has the last word, and what is shown once."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from inventory_site.core.errors import DomainError
from inventory_site.core.filters import Choices, own_places
from inventory_site.core.labels import Words
from inventory_site.core.roles import Staff, staff


class Asked(forms.ModelForm):  # type: ignore[type-arg]
    """Knows who asks, and says above its fields what a service refused."""

    who: ClassVar[Staff]
    refusal: ClassVar[DomainError | None] = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.refusal is not None:
            self.add_error(None, self.refusal.detail)
        return given

    def offer(self, name: str, choices: Choices, *, chosen: Collection[str] = ()) -> None:
        """Fill a field of checkboxes. What was chosen before and is offered no more stays to be seen."""
        field = self.fields.get(name)
        if isinstance(field, forms.MultipleChoiceField):
            known = {value for value, _ in choices}
            field.choices = [*choices, *((one, one) for one in chosen if one not in known)]
            field.initial = list(chosen)

    def offer_warehouses(self, *, chosen: Collection[str]) -> None:
        """Those of whoever asks; who is limited has to choose among them."""
        field = self.fields.get("warehouses")
        if field is not None and self.who.within is not None:
            field.required = True
            field.help_text = _("You are limited to these yourself, so choose at least one.")
        self.offer("warehouses", own_places(self.who), chosen=chosen)


class ServiceHasTheLastWord:
    """For a ModelAdmin: what the service that saves refuses is said in the form, as it was typed."""

    def changeform_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **more)  # type: ignore[misc, no-any-return]
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **more)  # type: ignore[misc, no-any-return]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> HttpResponse:
        """One at a time: what is shown once has a page of its own to go on from."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **more)  # type: ignore[misc, no-any-return]

    def get_form(self, request: HttpRequest, obj: Any = None, **more: Any) -> Any:
        form = super().get_form(request, obj, **more)  # type: ignore[misc]
        known = {"who": staff(request.user), "refusal": getattr(request, "refusal", None)}
        return type(form.__name__, (form,), known)


def checkboxes(
    label: Words, *, words: Words = "", required: bool = False
) -> forms.MultipleChoiceField:
    """Any of what the form offers when it is opened."""
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        help_text=words,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


def shown_once(
    request: HttpRequest, context: dict[str, Any], *, secret: str, label: str, **told: Any
) -> HttpResponse:
    """A page with a secret: in this one answer to a POST, which nothing keeps. Not in the session, not in
    an address, not in a log. `told`: title, words, next_steps, back."""
    response = TemplateResponse(
        request, "admin/shown_once.html", {**context, **told, "secret": secret, "label": label}
    )
    add_never_cache_headers(response)
    return response
