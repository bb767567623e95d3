"""Run a program with local servers: `python -m inventory_site.with_servers PROGRAM …`."""

import subprocess
import sys

from inventory_site.local_services import CannotStart, running


def main() -> int:
    try:
        with running():
            return subprocess.run(sys.argv[1:], check=False).returncode
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
