"""What `make run` says once it serves: where, and who can sign in. The database is asked, not supposed."""

import os
from pathlib import Path

import psycopg

from inventory_site.core.people import SIGN_INS
from inventory_site.listening import Listening
from inventory_site.local_services import state

Person = tuple[str, str, str]


def key_file() -> Path:
    """Where the demo's API key is kept, since the database has its hash only."""
    return state().folder / "demo-api-key"


def key_is_known() -> bool:
    """Whether the kept key is one of this database, be it revoked: that one was taken away on purpose."""
    return _key_found(revoked=[False, True])


def demo_sign_ins() -> list[Person]:
    """Name, password and role of those of the demo's people who can sign in so."""
    from django.contrib.auth.hashers import check_password

    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        found = database.execute(
            "SELECT username, password FROM auth_user WHERE is_active AND username = ANY(%s)",
            [[name for name, _, _ in SIGN_INS]],
        )
        kept: dict[str, str] = dict(found.fetchall())
    return [one for one in SIGN_INS if one[0] in kept and check_password(one[1], kept[one[0]])]


def greet(where: Listening) -> None:
    """Print where the site is, and what can be done there at once."""
    address = where.address
    _tell("\n  Holdfast is at", address)
    _tell("  Back office   ", f"{address}/admin/")
    _tell("  Floor         ", f"{address}/floor/")
    _tell("  API           ", f"{address}/api/docs/")
    people = demo_sign_ins()
    for name, password, role in people:
        _tell("  Sign in       ", f"{name} / {password}   ({role})")
    if people and _key_found(revoked=[False]):
        _tell("  API key       ", key_file().read_text().strip())
    if not people and not _somebody():
        told = f"STATE_DIR={state().folder} " if os.environ.get("STATE_DIR") else ""
        _tell("  Sign in       ", f"nobody can yet: {told}./manage.py createsuperuser")
    _tell("  Ctrl-C stops everything.\n")


def _somebody() -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        found = database.execute("SELECT 1 FROM auth_user WHERE is_active LIMIT 1").fetchone()
    return found is not None


def _key_found(*, revoked: list[bool]) -> bool:
    file = key_file()
    prefix = file.read_text().partition(".")[0] if file.exists() else ""
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        found = database.execute(
            "SELECT 1 FROM core_apikey WHERE prefix = %s AND revoked = ANY(%s)", [prefix, revoked]
        ).fetchone()
    return found is not None


def _tell(*words: str) -> None:
    print(*words, flush=True)
