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


def step(client: Client) -> str:
    """The number of what is in hand, as the form for it sends it."""
    return client.session["floor_in_hand"]["step"]


def hold(client: Client, path: str, **told) -> str:
    """Have something in hand on that page; the number of it."""
    session, number = client.session, str(uuid4())
    session["floor_in_hand"] = {"page": path, "step": number, **told}
    session.save()
    return number


def said(response) -> tuple[str, str]:
    """Tone and words."""
    told = response.context["said"]
    return told.tone, told.text
