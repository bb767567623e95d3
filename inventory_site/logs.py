"""Logs: one line per event on stderr, JSON outside of the demo, with the request's id."""

from typing import Any

import structlog

from inventory_site import env

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.UnicodeDecoder(),
]
_NOWHERE = {"handlers": ["nowhere"], "propagate": False}


def as_set() -> dict[str, Any]:
    """The logging that HOLDFAST_MODE and LOG_LEVEL ask for; gunicorn needs it before there are settings.
    Raises ImproperlyConfigured."""
    demo = env.choice("HOLDFAST_MODE", "", ("demo",)) == "demo"
    level = env.choice("LOG_LEVEL", "WARNING" if demo else "INFO", LEVELS)
    return logging(level=level, plain=demo)


def logging(*, level: str, plain: bool) -> dict[str, Any]:
    """Django's LOGGING: our own lines and those of libraries, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": _PROCESSORS,
            },
            "plain": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.dev.ConsoleRenderer(
                    colors=False,
                    exception_formatter=structlog.dev.plain_traceback,  # the rich one shows locals
                ),
                "foreign_pre_chain": _PROCESSORS,
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "plain" if plain else "json"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "axes": {"level": "WARNING"},
            # Each request has its line, which says what came of it, and a defect its trace.
            "django.request": _NOWHERE,
            "django.security.DisallowedHost": _NOWHERE,
            # Sweeps come every few seconds; what they did is told where it was done.
            "django_structlog.celery": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "gunicorn.error": {"handlers": ["stderr"], "level": level, "propagate": False},
            # They quote addresses, which hold secrets; what went wrong is told by notifications.telling.
            "apprise": {"level": "WARNING", **_NOWHERE},
            "urllib3": {"level": "ERROR"},
        },
    }


def configure() -> None:
    """Have structlog write through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _one_line_per_request,
            structlog.contextvars.merge_contextvars,
            *_PROCESSORS[1:],
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _one_line_per_request(_logger: Any, _method: str, event: Any) -> Any:
    """The end of a request says everything that its start says."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event
