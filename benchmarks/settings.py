"""The site's settings, with the benchmark's own addresses beside the site's."""

from inventory_site.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
API_RATE_LIMIT = 0
API_OPEN_RESERVATIONS = 0
LOGGING_CONFIG = None
