"""Celery: the worker runs what must not hold up a request, beat sweeps what was left over."""

import os

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from inventory_site.core.actors import SYSTEM, act_as

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.autodiscover_tasks(["inventory_site.core"])


@signals.task_prerun.connect  # type: ignore[untyped-decorator]
def act_as_the_system(**_: object) -> None:
    """What a task changes of settings, such as turning off what keeps failing, is the system's."""
    act_as(lambda: SYSTEM)
