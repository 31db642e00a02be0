# The image of web, worker, beat and the migration step; docker-compose.yml says which is which.

FROM python:3.13-slim-bookworm AS environment
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home ziti
COPY --from=environment /venv /venv
WORKDIR /app
COPY . .
RUN python -m compileall -q .
ENV PATH=/venv/bin:$PATH CRM_NO_BOOTSTRAP=1 CRM_DATA_DIR=/data PYTHONUNBUFFERED=1
USER ziti
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", "--workers", "2"]
