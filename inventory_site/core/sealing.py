"""Secrets in the database: sealed with a key that the database does not have.

A dump, a replica or a look at the table gives nothing away. The key is made from SECRET_KEY; what was sealed
under a key in SECRET_KEY_FALLBACKS can still be opened, and is sealed anew when it is next saved.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

PURPOSE = b"holdfast sealed fields"


class CannotOpen(ValueError):
    """What was sealed was sealed under a SECRET_KEY that this site does not have."""


def seal(text: str) -> str:
    """The text, readable only with this site's key."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises CannotOpen."""
    try:
        box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen(
            _(
                "A secret was sealed under another SECRET_KEY; add that one to SECRET_KEY_FALLBACKS,"
                " or enter the secret again."
            )
        ) from None


@lru_cache(maxsize=8)
def _box(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(made)
