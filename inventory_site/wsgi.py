import os

from django.core.wsgi import get_wsgi_application

from inventory_site.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")

with loading():
    application = get_wsgi_application()
    import inventory_site.urls  # noqa: F401 (the first request would wait for it)
