"""`manage.py create_api_key`: make a key for the e-commerce platform and show it once."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory_site.core.auth import SCOPES
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.keys import make_key
from inventory_site.core.roles import MANAGER, Staff

# Whoever may run commands manages the whole house.
HOUSE = Staff(user_id=0, name="command create_api_key", roles=frozenset({MANAGER}), within=None)


class Command(BaseCommand):
    help = "Make an API key. It is shown once and stored as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="Whose key it is, e.g. shop.")
        parser.add_argument(
            "--scopes", required=True, help=f"Separated by commas: {', '.join(SCOPES)}; or all."
        )
        parser.add_argument(
            "--warehouses", help="Codes it is limited to, separated by commas; left out: all."
        )
        parser.add_argument("--expires-days", type=int, help="After how many days it ends.")
        parser.add_argument(
            "--beside-others",
            action="store_true",
            help="Although a key of that name works, such as one whose secret was lost.",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["expires_days"]
        if days is not None and not 0 < days <= 3650:
            raise CommandError("--expires-days is 1 to 3650.")
        try:
            made = in_unit_of_work(
                lambda: make_key(
                    name=options["name"],
                    scopes=_scopes(options["scopes"]),
                    warehouses=_warehouses(options["warehouses"]),
                    who=HOUSE,
                    expires_at=None if days is None else timezone.now() + timedelta(days=days),
                    beside_others=options["beside_others"],
                )
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        if options["json"]:
            self.stdout.write(json.dumps({"name": made.name, "key": made.secret}))
        else:
            self.stdout.write(made.secret)
            self.stderr.write("Keep it now: it is not shown again.")


def _scopes(given: str) -> list[str]:
    wanted = _words(given)
    if wanted == ["all"]:
        return list(SCOPES)
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise CommandError(
            f"--scopes: there is no {', '.join(unknown) or 'scope given'}; "
            f"there are {', '.join(SCOPES)}."
        )
    return wanted


def _warehouses(given: str | None) -> list[str]:
    if given is None:
        return []
    wanted = [code.upper() for code in _words(given)]
    if not wanted:  # an empty variable of a script is no wish for all of them
        raise CommandError("--warehouses: name one, or leave it out for all of them.")
    model = apps.get_model("warehouse", "Warehouse")
    known = set(model._default_manager.filter(code__in=wanted).values_list("code", flat=True))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise CommandError(f"--warehouses: there is no warehouse {', '.join(unknown)}.")
    return wanted


def _words(given: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in given.split(",") if word.strip()))
