"""Where everybody starts: what I claimed, what is next, where to go."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path

from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said
from orders.pages.tiles import tiles_for


class Home(FloorPage):
    template = "floor/home.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {"tiles": list(tiles_for(visit.staff))}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        code = sent.get("code", "").strip()
        return Said(f"Nothing is known under {code}.", "refused")


ADDRESSES = [path("", Home.as_view(), name="home")]
