"""Sign in, sign out, and say in which warehouse one stands."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from inventory_site.core.errors import DomainError
from inventory_site.core.roles import staff
from orders.pages.arriving import CHOSEN, NoWorkplace
from orders.pages.base import refused, signed_out
from orders.queries.floor import workplaces


class SignIn(LoginView):
    """The floor's own sign-in: no access to the back office is needed."""

    template_name = "floor/sign_in.html"

    def get_default_redirect_url(self) -> str:
        return reverse("floor:home")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session.pop(CHOSEN, None)
        return response


class SignOut(LogoutView):
    http_method_names = ["post", "options"]

    def get_default_redirect_url(self) -> str:
        return reverse("floor:sign-in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def warehouse(request: HttpRequest) -> HttpResponse:
    """Ask where the person stands, where there is a choice; keep it in the session."""
    if not request.user.is_authenticated:
        return signed_out(request)
    person = staff(request.user)
    choices = workplaces(within=person.within)
    told = request.POST.get("next") or request.GET.get("next") or ""
    back = told if _ours(request, told) else reverse("floor:home")
    if not choices:
        return refused(request, NoWorkplace(_("There is no warehouse that you may work in.")))
    if request.method == "POST":
        try:
            request.session[CHOSEN] = _one_of(request.POST.get("warehouse", ""), choices)
        except DomainError as error:
            return refused(request, error)
        return HttpResponseRedirect(back)
    if len(choices) == 1:
        return HttpResponseRedirect(back)
    return render(request, "floor/warehouse.html", {"choices": choices, "next": back})


def _one_of(code: str, choices: Any) -> str:
    if code not in {place.code for place in choices}:
        raise NoWorkplace(_("You do not work in that warehouse."))
    return code


def _ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


ADDRESSES = [
    path("sign-in/", never_cache(SignIn.as_view(redirect_authenticated_user=True)), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("warehouse/", warehouse, name="warehouse"),
]
