"""Floor pages as a test client asks for them."""

from uuid import uuid4

from django.test import Client

from inventory_site.core.models import StaffAccess


def signed_in(user, *, warehouses=(), **headers) -> Client:
    """Somebody at a device; limited to warehouses where given."""
    if warehouses:
        StaffAccess.objects.update_or_create(user=user, defaults={"warehouses": list(warehouses)})
    client = Client(headers=headers)
    client.force_login(user)
    return client


def act(client: Client, path: str, *, number=None, **sent):
    """One scan or tap, as the queue sends it."""
    return client.post(path, sent, headers={"Floor-Action": str(number or uuid4())})


def said(response) -> tuple[str, str]:
    """Tone and words."""
    told = response.context["said"]
    return told.tone, told.text
