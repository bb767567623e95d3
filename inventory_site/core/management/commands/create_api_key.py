"""`manage.py create_api_key`: make a key for the e-commerce platform and show it once."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory_site.core.auth import SCOPES
from inventory_site.core.models import ApiKey


class Command(BaseCommand):
    help = "Make an API key. It is shown once and stored as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="Whose key it is, e.g. shop.")
        parser.add_argument(
            "--scopes", required=True, help=f"Separated by commas: {', '.join(SCOPES)}; or all."
        )
        parser.add_argument("--warehouses", default="", help="Codes it is limited to; none: all.")
        parser.add_argument("--expires-days", type=int, help="After how many days it ends.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not 1 <= len(name) <= 50:
            raise CommandError("--name has 1 to 50 characters.")
        days = options["expires_days"]
        if days is not None and not 0 < days <= 3650:
            raise CommandError("--expires-days is 1 to 3650.")
        _, key = ApiKey.objects.create_key(
            name=name,
            scopes=_scopes(options["scopes"]),
            warehouses=_warehouses(options["warehouses"]),
            expiry_date=None if days is None else timezone.now() + timedelta(days=days),
        )
        if options["json"]:
            self.stdout.write(json.dumps({"name": name, "key": key}))
        else:
            self.stdout.write(key)
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


def _warehouses(given: str) -> list[str]:
    wanted = [code.upper() for code in _words(given)]
    model = apps.get_model("warehouse", "Warehouse")
    known = set(model._default_manager.filter(code__in=wanted).values_list("code", flat=True))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise CommandError(f"--warehouses: there is no warehouse {', '.join(unknown)}.")
    return wanted


def _words(given: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in given.split(",") if word.strip()))
