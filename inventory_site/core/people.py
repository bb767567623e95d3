"""The people of the demo. Their passwords are public, so they exist only where `make run` made them."""

from django.conf import settings
from django.contrib.auth import get_user_model

SIGN_INS = (
    ("manager", "holdfast-manager", "operations manager"),
    ("picker", "holdfast-picker", "picker"),
    ("receiver", "holdfast-receiver", "receiver"),
)


class NotADemo(RuntimeError):
    """Accounts with public passwords are for the demo alone."""


def add_demo_people() -> None:
    """Create the demo's sign-ins where they are missing. Raises NotADemo outside of `make run`."""
    if not settings.DEMO:
        raise NotADemo("Demo sign-ins have public passwords; they are made by `make run` only.")
    users = get_user_model()
    for name, password, role in SIGN_INS:
        manager = role == "operations manager"
        person, new = users.objects.get_or_create(
            username=name,
            defaults={"is_staff": manager, "is_superuser": manager, "email": f"{name}@example.com"},
        )
        if new:
            person.set_password(password)
            person.save(update_fields=["password"])
            person.groups.add(person.groups.model.objects.get_or_create(name=role)[0])
