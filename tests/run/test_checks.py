"""Settings that make no sense are said by `check`, and production settings are clean under `check --deploy`."""

import subprocess
import sys

import pytest

from crm import checks
from crm.run.folders import ROOT
from crm.run.keys import MAKERS, field_key


def codes(found) -> list[str]:
    return [message.id for message in found]


def test_the_settings_of_the_tests_make_sense():
    assert checks.settings_make_sense() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("CRM_URL", "crm.example.com", "crm.E001"),
        ("CRM_URL", "https://crm.example.com/shop", "crm.E001"),
        ("FIELD_KEYS", ["short"], "crm.E004"),
        ("FIELD_KEYS", [field_key(), "not base64 at all!"], "crm.E004"),
        ("FIELD_KEYS", [], "crm.E005"),
        ("INDEX_KEY", "", "crm.E005"),
        ("COUNTRY", "China", "crm.E006"),
        ("CURRENCY", "¥", "crm.E007"),
        ("EMAIL_HOST_PASSWORD", "secret", "crm.E009"),
        ("TRUSTED_PROXIES", ["10.0.0.0/8", "front"], "crm.E010"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said_with_a_hint(settings, name, value, code):
    setattr(settings, name, value)
    assert codes(checks.settings_make_sense()) == [code]


def test_the_demonstration_belongs_to_this_machine_only(settings):
    settings.DEMO = True
    assert checks.settings_make_sense() == []
    settings.CRM_URL = "https://crm.example.com"
    assert codes(checks.settings_make_sense()) == ["crm.E002"]


def test_two_kinds_of_tls_exclude_each_other(settings):
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = True
    assert codes(checks.settings_make_sense()) == ["crm.E008"]


def test_another_database_is_refused(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert codes(checks.settings_make_sense()) == ["crm.E003"]


def test_settings_of_a_desk_are_named_before_they_are_deployed():
    assert codes(checks.ready_for_the_world()) == [
        "crm.E011",
        "crm.E012",
        "crm.W001",
        "crm.W002",
        "crm.W003",
        "crm.W004",
    ]


def test_production_settings_are_clean(bare, folder):
    env = bare | {name: make() for name, make in MAKERS.items()}
    env |= {
        "CRM_URL": "https://crm.example.com",
        "CRM_DATA_DIR": str(folder),
        "CRM_DB_ROLE": "ziti_app",
        "CRM_SMTP_HOST": "mail.example.com",
        "CRM_SMTP_PORT": "587",
        "CRM_SMTP_STARTTLS": "1",
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
        "DATABASE_URL": "postgres://ziti:secret@db.example.com/ziti",
    }
    command = [sys.executable, ROOT / "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr
