"""The Celery application: one beat entry, and tasks that carry primary keys only."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("ziti")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
