"""The site, loaded: what the process that forks racing clients off has imported before it does."""

import django

django.setup()

import tests.concurrency.services  # noqa: E402
import tests.factories  # noqa: E402, F401
import warehouse.locks  # noqa: E402, F401
