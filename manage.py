#!/usr/bin/env python3
"""Django's command line, with servers: joins those of a running site, else starts some for a while."""

import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        _go_on_in_venv()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from inventory_site.core.actors import Actor, acting
    from inventory_site.local_services import CannotStart, running

    try:
        with running() as fresh:
            try:
                settings.DEBUG  # noqa: B018 (reads them: a wrong value ends here, before any command)
            except ImproperlyConfigured as error:
                raise CannotStart(str(error)) from None
            if fresh and sys.argv[1:2] != ["migrate"]:
                execute_from_command_line([sys.argv[0], "migrate", "--verbosity", "0"])
            with acting(lambda: Actor(f"command {' '.join(sys.argv[1:2])}")):
                execute_from_command_line(sys.argv)
    except CannotStart as error:
        sys.exit(str(error))


def _go_on_in_venv() -> None:
    python = VENV / "bin" / "python"
    if not python.exists() or Path(sys.prefix).resolve() == VENV:
        sys.exit("Django is not installed here. Run `make install` first.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


if __name__ == "__main__":
    main()
