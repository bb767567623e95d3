"""The way of a confirmed import to a worker. What is lost on it is sent again by the sweep."""

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

TASK = "warehouse.tasks.run_import"

# It only sends, and works in a process that has loaded no Celery application.
sender = Celery("imports", set_as_current=False)
sender.config_from_object("django.conf:settings", namespace="CELERY")


def send(*, run_id: int, after: float = 0) -> None:
    """Send it, to be taken after so many seconds. Where the queue is away, nothing is sent."""
    try:
        sender.send_task(TASK, (run_id,), countdown=after or None, retry=False)
    except OperationalError as error:
        logger.warning("import_not_sent", run=run_id, error=str(error))
