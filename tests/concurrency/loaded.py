"""The site, loaded: what the process that forks racing clients off has imported before it does."""

import django

from inventory_site.loading import loading

with loading():
    django.setup()

    import tests.concurrency.services
    import tests.factories  # noqa: F401
    import warehouse.locks  # noqa: F401
