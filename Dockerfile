# The steps are those of `make run` (scripts/): the same list of system packages, the same lock files.
FROM debian:13-slim AS base
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY scripts/ scripts/
RUN python3 -m scripts.packages app client \
 && rm -rf /var/lib/apt/lists/* .local

# A stage of its own: node is needed to fetch the browser libraries, not to serve them.
FROM base AS browser-libraries
COPY requirements-node.txt package.json package-lock.json ./
RUN python3 -m scripts.environment browser-libraries

FROM base
COPY requirements.txt ./
RUN python3 -m scripts.environment app \
 && rm -rf .local /root/.cache
COPY --from=browser-libraries /app/node_modules/ node_modules/
COPY . .
RUN python3 -m scripts.translations \
 && SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w0)" DATABASE_URL=postgis://none/none STATIC_ROOT=/app/staticfiles \
    .venv/bin/python -m scripts.prepare static \
 && rm -rf .local \
 && useradd --system --uid 10001 --home-dir /nonexistent mapa \
 && install -d -o mapa -g mapa -m 700 /data /backups
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 \
    LOCAL_DIR=/data \
    MEDIA_ROOT=/data/media \
    STATIC_ROOT=/app/staticfiles
USER mapa
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=180s --retries=4 CMD ["python3", "-m", "scripts.healthcheck"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
