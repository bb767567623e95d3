"""Settings of a site whose files browsers keep for a minute, as where DEBUG is off: with it they would ask
for all of them again at every page."""

from inventory_site.settings import *  # noqa: F403

WHITENOISE_MAX_AGE = 60
