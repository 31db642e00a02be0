"""`manage.py roles` prints what each role may do."""

from io import StringIO

import pytest
from django.core.management import call_command

from crm.accounts.roles import ROLES


@pytest.mark.django_db
def test_every_verb_stands_with_its_roles():
    out = StringIO()
    call_command("roles", stdout=out)
    lines = out.getvalue().splitlines()
    assert any(
        line.split() == ["accounts.invite_user", "Send", "a", "sign-in", "link", "administrator"] for line in lines
    )
    assert any(line.startswith("accounts.report_absence") and line.endswith("everyone") for line in lines)
    assert {line.split()[0] for line in lines if line} >= set(ROLES)
