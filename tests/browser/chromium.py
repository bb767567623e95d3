"""The Chromium that pages are opened in. Run as a program, installs it where that is possible."""

import os
import shutil
import subprocess
import sys

# The same engine without the windows of a desktop comes first: it takes a third less of the processor's time
# for the same pages, and needs none of a desktop's libraries.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
PACKAGES = NAMES[:2]


def path() -> str | None:
    """Where Chromium is, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install() -> None:
    """With apt, as root; elsewhere say plainly what follows."""
    if path():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        _apt("update")
        for package in PACKAGES:
            _apt("install", "-y", "--no-install-recommends", package)
            if path():
                return
    print("No Chromium here and none can be installed: browser tests will be skipped.")


def _apt(*words: str) -> None:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], env=environment, check=False, **quiet)


if __name__ == "__main__":
    install()
    sys.exit(0)
