"""The secrets of an installation."""

import stat

import pytest

from crm.run.failure import Failure
from crm.run.folders import Folder
from crm.run.keys import MAKERS, ensure_secrets


def made(path) -> Folder:
    folder = Folder(str(path))
    folder.make()
    return folder


def test_secrets_are_made_once_and_readable_by_their_owner_only(folder):
    first = ensure_secrets(made(folder))
    assert set(first) == set(MAKERS)
    assert all(len(value) >= 43 for value in first.values())
    assert stat.S_IMODE((folder / "secrets.env").stat().st_mode) == 0o600
    assert ensure_secrets(Folder(str(folder))) == first


def test_two_installations_have_different_secrets(folder):
    one, two = ensure_secrets(made(folder / "one")), ensure_secrets(made(folder / "two"))
    assert not set(one.values()) & set(two.values())


def test_a_variable_wins_over_the_file_and_is_not_written(folder, monkeypatch):
    monkeypatch.setenv("CRM_INDEX_KEY", "given")
    assert ensure_secrets(made(folder))["CRM_INDEX_KEY"] == "given"
    assert "CRM_INDEX_KEY" not in (folder / "secrets.env").read_text()


def test_new_keys_are_not_made_beside_a_database_that_was_written_with_lost_ones(folder):
    ensure_secrets(made(folder))
    (folder / "pg").mkdir()
    (folder / "pg" / "PG_VERSION").write_text("18")
    (folder / "secrets.env").write_text("CRM_SECRET_KEY=kept\n")
    with pytest.raises(Failure, match="lacks CRM_FIELD_KEYS, CRM_INDEX_KEY"):
        ensure_secrets(Folder(str(folder)))
    assert (folder / "secrets.env").read_text() == "CRM_SECRET_KEY=kept\n"
