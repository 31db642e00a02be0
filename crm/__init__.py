"""The frame: settings, the gate every verb goes through, and what every app stands on."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
