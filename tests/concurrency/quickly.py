"""What gunicorn reads before it serves for tests: passwords are hashed once, as in the tests themselves."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

PBKDF2PasswordHasher.iterations = 1
