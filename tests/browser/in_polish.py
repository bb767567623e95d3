"""Settings of a site for which somebody has put a translation into the folder TRANSLATIONS."""

import os
from pathlib import Path

from tests.browser.as_run import *  # noqa: F403

LOCALE_PATHS = [Path(os.environ["TRANSLATIONS"])]
LANGUAGES = [("en", "English"), ("pl", "polski")]
