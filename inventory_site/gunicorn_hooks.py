"""What gunicorn does around its workers, and how long an address may be: the same however it is started.

The site is read once, by the arbiter: workers are forked from it, share what it read, and one that dies is
followed by the next within milliseconds. They end with the arbiter, and count into one set of metrics.

Each worker keeps its counters in files under PROMETHEUS_MULTIPROC_DIR; whichever answers `/metrics` adds
them up. It is set for gunicorn alone: other processes of the site have no such folder.
"""

import logging
import os
from pathlib import Path
from typing import Any

from gunicorn.http import message

from inventory_site import logs
from inventory_site.deathsig import die_with_parent

# `GET /stock?sku=…` takes 200 SKUs of up to 64 characters, percent-encoded up to three times as long.
# gunicorn caps what it is told at 8190, and 0 would let anybody fill its memory with one line.
limit_request_line = message.MAX_REQUEST_LINE = 48 * 1024
# It would lie in somebody's home, beside the state.
control_socket_disable = True
logconfig_dict = logs.as_set()


def on_starting(server: Any) -> None:
    """Counters start from nothing with the server; warnings are told as everything else is.

    Then the site is read. With gunicorn's `preload_app` that would be before there is a folder for counters.
    """
    logging.captureWarnings(True)
    if given := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        folder = Path(given)
        folder.mkdir(parents=True, exist_ok=True)
        for counters in folder.glob("*.db"):
            counters.unlink()
    server.app.wsgi()


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent()


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
