"""A site from which answers are long on their way: what is killed has often done its work, and told nobody.
As gunicorn's configuration."""

import time
from typing import Any

from tests.concurrency import quickly  # noqa: F401


def post_worker_init(worker: Any) -> None:
    site = worker.wsgi

    def slow(environ: Any, start_response: Any) -> Any:
        answer = site(environ, start_response)
        time.sleep(0.03)
        return answer

    worker.wsgi = slow
