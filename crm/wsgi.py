"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

application = get_wsgi_application()

# All views are imported before the workers are forked from this process, which then share them; and what is there now
# stays: the collector of garbage need not look through it again.
views = get_resolver().url_patterns
gc.collect()
gc.freeze()
