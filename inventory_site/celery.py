"""Celery: the worker runs what must not hold up a request, beat sweeps what was left over."""

import os
from logging import captureWarnings
from logging.config import dictConfig

import django
from celery import Celery, signals
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from inventory_site.core.actors import SYSTEM, act_as
from inventory_site.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
with loading():
    django.setup()

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.autodiscover_tasks(["inventory_site.core"])


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def log_as_the_site_does(**_: object) -> None:
    """Celery's own lines and warnings in the form of all others; LOG_LEVEL says which."""
    captureWarnings(True)
    dictConfig(settings.LOGGING)


@signals.task_prerun.connect  # type: ignore[untyped-decorator]
def act_as_the_system(**_: object) -> None:
    """What a task changes of settings, such as turning off what keeps failing, is the system's."""
    act_as(lambda: SYSTEM)
