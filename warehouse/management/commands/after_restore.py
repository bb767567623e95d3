"""`manage.py after_restore`: what a database that was restored from a backup has to be told."""

from typing import Any

from django.core.management.base import BaseCommand

from inventory_site.core.db import in_unit_of_work
from notifications import feed
from warehouse import level_cache


class Command(BaseCommand):
    help = (
        "To be run after a backup was restored, before the site is opened: the change feed begins anew,"
        " and nothing that Redis holds of the time after the backup is read again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        in_unit_of_work(self._begin_anew)
        self.stdout.write(
            "The feed begins anew and Redis is not believed. Now prove the books (verify_ledger), and have"
            " clients of the change feed read all levels once, or the feed from its beginning."
        )

    @staticmethod
    def _begin_anew() -> None:
        feed.begin_anew()
        level_cache.forget_other_times()
