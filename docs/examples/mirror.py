"""A mirror of all stock levels that stays right: the standard library is all it needs.

    HOLDFAST_KEY=… python mirror.py http://localhost:8000 mirror.json

It remembers where the change feed ends, reads all levels once, and then follows the feed from there. What
changed while the levels were read comes again by the feed, in order, so the mirror ends right. It keeps its
place in the file, so that it goes on where it was stopped.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

COUNTERS = ("on_hand", "reserved", "available", "inbound")
AGAIN = {429, 503}  # busy, or too fast: the same request again
TRIES = 10


class Mirror:
    """Levels by (SKU, warehouse), and how far the feed was read."""

    def __init__(self, site: str, key: str) -> None:
        self.site, self.key = site.rstrip("/"), key
        self.levels: dict[tuple[str, str], dict[str, int]] = {}
        self.after = ""

    def start(self) -> None:
        """First the end of the feed, then the levels: nothing can fall between."""
        self.after = self._get("/changes?after=latest")["next"]
        path: str | None = "/stock?limit=1000"
        while path is not None:
            page = self._get(path)
            for product in page["stock"]:
                for level in product["warehouses"]:
                    self._keep(product["sku"], level)
            path = page["next"] and f"/stock?limit=1000&cursor={page['next']}"

    def catch_up(self) -> int:
        """Take in every event since the last time; how many there were."""
        seen = 0
        while True:
            page = self._get(f"/changes?limit=1000&after={self.after}")
            for event in page["events"]:
                for level in event["levels"]:
                    self._keep(level["sku"], level)
            self.after = page["next"]
            seen += len(page["events"])
            if not page["events"]:
                return seen

    def save(self, path: Path) -> None:
        """Whole or not at all: a file that is half written would be a wrong mirror."""
        told = [[*place, level] for place, level in self.levels.items()]
        half = path.with_suffix(".new")
        half.write_text(json.dumps({"after": self.after, "levels": told}))
        half.replace(path)

    def load(self, path: Path) -> None:
        told = json.loads(path.read_text())
        self.after = told["after"]
        self.levels = {(sku, code): level for sku, code, level in told["levels"]}

    def _keep(self, sku: str, level: dict[str, Any]) -> None:
        self.levels[sku, level["warehouse"]] = {name: level[name] for name in COUNTERS}

    def _get(self, path: str) -> Any:
        request = urllib.request.Request(
            f"{self.site}/api/v1{path}", headers={"Authorization": f"Api-Key {self.key}"}
        )
        for tried in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code not in AGAIN or tried == TRIES:
                    raise
                time.sleep(float(error.headers.get("Retry-After", 1)))
            except urllib.error.URLError:
                if tried == TRIES:
                    raise
                time.sleep(min(2**tried / 10, 10))
        raise AssertionError


def main(site: str, file: str) -> None:
    mirror, path = Mirror(site, os.environ["HOLDFAST_KEY"]), Path(file)
    if path.exists():
        mirror.load(path)
    else:
        mirror.start()
    while True:
        if mirror.catch_up() or not path.exists():
            mirror.save(path)
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
