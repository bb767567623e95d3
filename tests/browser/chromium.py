"""The Chromium that pages are opened in. Run as a program, installs it where that is possible."""

import os
import shutil
import subprocess
import sys


def path() -> str | None:
    """Where Chromium is, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def install() -> None:
    """With apt, as root; elsewhere say plainly what follows."""
    if path():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *words], env=environment, check=False, **quiet)
    if not path():
        print("No Chromium here and none can be installed: browser tests will be skipped.")


if __name__ == "__main__":
    install()
    sys.exit(0)
