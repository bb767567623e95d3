"""A database from before the first release goes on from the last migration of that time, from no earlier one.

Where it has only some of the migrations that the first one replaces, Django leaves the whole app out of what
it knows: there would be nothing to apply, and tables as they once were.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader


def apps_from_before(loader: MigrationLoader) -> list[str]:
    """Apps that stopped on the way to what their first migration replaces."""
    squashed = {app for app, _ in loader.replacements}
    return sorted(app for app in squashed if not loader.graph.leaf_nodes(app))


def refuse_what_is_from_before(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Looked at by `migrate` before it does anything, and by `check --database`."""
    loaders = {name: MigrationLoader(connections[name]) for name in databases or ()}
    return [
        Error(
            f"The database {name} is older than the first release: {', '.join(apps)}.",
            hint="docs/adr/0023-the-first-release-starts-anew.md says how it is brought there.",
            id="core.E001",
        )
        for name, loader in loaders.items()
        if (apps := apps_from_before(loader))
    ]
