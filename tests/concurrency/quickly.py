"""What gunicorn reads before it serves for tests: passwords are hashed once, as in the tests themselves, and
the site is read once."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from inventory_site.gunicorn_hooks import limit_request_line  # noqa: F401 (read by gunicorn)

PBKDF2PasswordHasher.iterations = 1
preload_app = True  # both workers are forked from one that has read it all
