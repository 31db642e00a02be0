"""What the settings must be, said by `manage.py check` with a hint, before a request finds out."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

TEST_FIELD_KEY = "dGVzdHMtb25seS1rZXktb2YtdGhpcnR5LXR3by1ieXQ="
LOOPBACK = {"127.0.0.1", "localhost", "::1", "testserver"}


@register()
def settings_make_sense(app_configs: object = None, **_: object) -> list[CheckMessage]:
    """Faults that no installation may have."""
    return [*address(), *keys(), *places(), *times(), *mail(), *networks()]


@register(Tags.security, deploy=True)
def ready_for_the_world(app_configs: object = None, **_: object) -> list[CheckMessage]:
    """What is right on a desk and wrong on a server; asked by `check --deploy`."""
    return [*production()]


def address() -> Iterator[CheckMessage]:
    """CRM_URL, which customers' links and mails point to."""
    url = urlsplit(settings.CRM_URL)
    if url.scheme not in {"http", "https"} or not url.hostname or url.path not in {"", "/"}:
        yield Error(
            f"CRM_URL is {settings.CRM_URL!r}, which is not the address of a site.",
            hint="Give scheme and host, such as https://crm.example.com, and no path.",
            id="crm.E001",
        )
    if settings.DEMO and url.hostname not in LOOPBACK:
        yield Error(
            "CRM_DEMO lets anybody sign in in any role, and CRM_URL is not this machine.",
            hint="Unset CRM_DEMO, or start it by `manage.py up` on 127.0.0.1.",
            id="crm.E002",
        )
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        yield Error("DATABASE_URL is not PostgreSQL.", hint="postgres://user:password@host/name", id="crm.E003")


def keys() -> Iterator[CheckMessage]:
    """The keys of the encrypted fields."""
    for number, key in enumerate(settings.FIELD_KEYS, 1):
        try:
            raw = base64.urlsafe_b64decode(key)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32:
            yield Error(
                f"Key {number} of CRM_FIELD_KEYS is not 32 bytes in urlsafe base64.",
                hint='python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"',
                id="crm.E004",
            )
    if not settings.FIELD_KEYS or not settings.INDEX_KEY:
        yield Error("CRM_FIELD_KEYS and CRM_INDEX_KEY must not be empty.", id="crm.E005")


def places() -> Iterator[CheckMessage]:
    """Country and currency, by their codes."""
    if not re.fullmatch("[A-Z]{2}", settings.COUNTRY):
        yield Error(f"CRM_COUNTRY is {settings.COUNTRY!r}.", hint="Two capitals, such as CN.", id="crm.E006")
    if not re.fullmatch("[A-Z]{3}", settings.CURRENCY):
        yield Error(f"CRM_CURRENCY is {settings.CURRENCY!r}.", hint="Three capitals, such as CNY.", id="crm.E007")


def times() -> Iterator[CheckMessage]:
    """How long things are kept."""
    if settings.REQUEST_KEY_DAYS < 1:
        yield Error(
            f"CRM_REQUEST_KEY_DAYS is {settings.REQUEST_KEY_DAYS}.",
            hint="At least one day, or a request that comes twice is done twice.",
            id="crm.E014",
        )
    if settings.SCAN_DAYS < 1:
        yield Error(
            f"CRM_SCAN_DAYS is {settings.SCAN_DAYS}.",
            hint="At least one day, or nobody can say which codes were refused at the counter today.",
            id="crm.E015",
        )


def mail() -> Iterator[CheckMessage]:
    """How mail is sent."""
    if settings.EMAIL_USE_TLS and settings.EMAIL_USE_SSL:
        yield Error(
            "CRM_SMTP_STARTTLS and CRM_SMTP_TLS exclude each other.",
            hint="STARTTLS is usual on port 587, TLS from the first byte on port 465.",
            id="crm.E008",
        )
    if settings.EMAIL_HOST_PASSWORD and not settings.EMAIL_HOST_USER:
        yield Error("CRM_SMTP_PASSWORD without CRM_SMTP_USER.", hint="Set both or neither.", id="crm.E009")


def networks() -> Iterator[CheckMessage]:
    """The proxies whose word about the caller's address is taken, and who may read the metrics."""
    named = [("CRM_TRUSTED_PROXIES", name, "crm.E010") for name in settings.TRUSTED_PROXIES]
    named += [("CRM_METRICS_ALLOWED", name, "crm.E013") for name in settings.METRICS_ALLOWED]
    for variable, name, code in named:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError:
            yield Error(
                f"{variable} names {name!r}, which is no address.",
                hint="Addresses or networks, such as 10.0.0.1 or 172.16.0.0/12, separated by commas.",
                id=code,
            )


def production() -> Iterable[CheckMessage]:
    """Keys that everybody knows, plain HTTP, mail that goes nowhere, a role that may change the log."""
    if settings.SECRET_KEY.startswith("insecure") or TEST_FIELD_KEY in settings.FIELD_KEYS:
        yield Error(
            "CRM_SECRET_KEY or CRM_FIELD_KEYS is the one for tests, which everybody knows.",
            hint="`manage.py up` makes secrets in the data folder; elsewhere set them, see .env.example.",
            id="crm.E011",
        )
    if settings.INDEX_KEY.startswith("tests-only"):
        yield Error("CRM_INDEX_KEY is the one for tests.", hint="See .env.example.", id="crm.E012")
    if urlsplit(settings.CRM_URL).scheme != "https":
        yield Warning(
            "CRM_URL is not https, so sign-in and customers' data travel readable.",
            hint="Put a TLS front before the web server, as docker-compose.yml does.",
            id="crm.W001",
        )
    if not settings.DB_ROLE:
        yield Warning(
            "Web and worker act as the owner of the database, who can change log and history.",
            hint=f"Set CRM_DB_ROLE={settings.APP_ROLE} for web and worker, not for migrations.",
            id="crm.W002",
        )
    if settings.OUTBOX_TEST_MODE:
        yield Warning(
            "Messages are kept and shown instead of sent.",
            hint="Set CRM_SMTP_HOST, or CRM_OUTBOX_TEST_MODE=1 and silence crm.W003 where that is meant.",
            id="crm.W003",
        )
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        yield Warning(
            "CELERY_BROKER_URL is not set, so every process has a cache and rate limits of its own.",
            hint="redis://host:6379/0",
            id="crm.W004",
        )
