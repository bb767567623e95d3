"""What gunicorn does around its workers: they end with the arbiter, and metrics know when one is gone."""

import os
from typing import Any

from inventory_site.deathsig import die_with_parent


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent()


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
