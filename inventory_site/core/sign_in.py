"""What somebody is told whose sign-in is locked after too many wrong passwords."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

MINUTE = timedelta(minutes=1)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """429, with when the next try counts. Tries made meanwhile do not put it off."""
    left = max(timedelta(seconds=1), _until(request, credentials) - timezone.now())
    minutes = ceil(left / MINUTE)
    told = {
        "until": timezone.now() + minutes * MINUTE,
        "minutes": minutes,
        "again": request.get_full_path(),
    }
    answer = render(request, "locked.html", told, status=429)
    answer["Retry-After"] = str(ceil(left.total_seconds()))
    return answer


def _until(request: HttpRequest, credentials: Any) -> datetime:
    """When the last of the counted tries is forgotten."""
    cool_off = get_cool_off(request)
    assert cool_off is not None
    tried = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    ).order_by("-attempt_time")
    last = tried.values_list("attempt_time", flat=True).first()
    began: datetime = last or timezone.now()
    return began + timedelta(seconds=cool_off.total_seconds())
