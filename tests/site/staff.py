"""People with roles, as managers make them, at the back office."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from inventory_site.core.models import StaffAccess
from inventory_site.core.rights import IN_THE_OFFICE, grant_rights
from inventory_site.core.roles import staff

PASSWORD = "an-unusual-password-42"


def person(name, *roles, within=(), **fields):
    """A person of these roles, limited to these warehouses."""
    if not Group.objects.filter(name__in=roles, permissions__isnull=False).exists():
        grant_rights()
    fields.setdefault("is_staff", bool(IN_THE_OFFICE & set(roles)) or "is_superuser" in fields)
    user = get_user_model().objects.create(username=name, **fields)
    user.set_password(PASSWORD)
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    StaffAccess.objects.create(user=user, warehouses=list(within))
    return get_user_model().objects.get(pk=user.pk)


def who(user):
    """What we know of them, read anew."""
    return staff(get_user_model().objects.get(pk=user.pk))


def at(user):
    """A browser in which they are signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
