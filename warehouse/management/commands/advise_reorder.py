"""`manage.py advise_reorder`: what beat does at night, at once. Nothing is applied."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from warehouse.services.advising import Review, advise


class Command(BaseCommand):
    help = "Advise reorder points and quantities from each item's own history, for a manager to accept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="The figures for a program.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            review = in_unit_of_work(lambda: advise(now=timezone.now()))
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(json.dumps(asdict(review)) if options["json"] else _told(review))


def _told(review: Review) -> str:
    lines = (
        ("items looked at", review.items),
        ("new advice", review.made),
        ("advice that still holds", review.kept),
        ("advice superseded", review.superseded),
        ("set as they should be", review.as_set),
        ("as declined before", review.declined),
        ("too new to say", review.too_new),
        ("never stocked, never asked for", review.never_moved),
        ("not sold any more", review.inactive),
    )
    return "\n".join(f"{count:>9,} {words}" for words, count in lines)
