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
    from inventory_site.core.actors import Actor, acting
    from inventory_site.local_services import CannotStart, running

    try:
        with running() as local:
            _load()
            with acting(lambda: Actor(f"command {' '.join(sys.argv[1:2])}")):
                _execute_with_tables() if local else execute_from_command_line(sys.argv)
    except CannotStart as error:
        sys.exit(str(error))


def _load() -> None:
    """Settings and apps. A wrong setting ends any command here, with its sentence alone."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from inventory_site.loading import loading

    with loading():
        try:
            settings.DEBUG  # noqa: B018
        except ImproperlyConfigured as error:
            sys.exit(str(error))
        django.setup()


def _execute_with_tables() -> None:
    from django.core.management import execute_from_command_line

    from inventory_site.local_services import alone_with_tables
    from inventory_site.wheels import postgres_programs

    # psql and the like, of which there may be none beside the local servers' own.
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{postgres_programs()}"
    with alone_with_tables() as lacking:
        if sys.argv[1:2] == ["migrate"]:
            execute_from_command_line(sys.argv)
            return
        if lacking:
            execute_from_command_line([sys.argv[0], "migrate", "--verbosity", "0"])
    execute_from_command_line(sys.argv)


def _go_on_in_venv() -> None:
    python = VENV / "bin" / "python"
    if not python.exists() or Path(sys.prefix).resolve() == VENV:
        sys.exit("Django is not installed here. Run `make install` first.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


if __name__ == "__main__":
    main()
