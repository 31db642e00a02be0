"""The environment is made from the locks, once, and pip's settings reach uv."""

import re
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest

from crm.run.folders import ROOT


@pytest.fixture
def bootstrap(tmp_path):
    """The module as `manage.py` loads it, with its own locks and environment in a folder of the test."""
    names = runpy.run_path(str(ROOT / "crm" / "run" / "bootstrap.py"))
    scope = names["ensure"].__globals__
    scope |= {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "PYTHON": tmp_path / ".venv" / "bin" / "python"}
    scope["STAMP"] = tmp_path / ".venv" / "ziti-lock"
    (tmp_path / "requirements.lock").write_text("one==1\n")
    (tmp_path / "requirements-dev.lock").write_text("one==1\ntwo==2\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return SimpleNamespace(**names, scope=scope, folder=tmp_path)


def test_it_needs_nothing_but_python():
    code = (ROOT / "crm" / "run" / "bootstrap.py").read_text()
    imported = set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE))
    assert imported <= sys.stdlib_module_names


def test_an_environment_is_made_once(bootstrap):
    assert not bootstrap.satisfied(False)
    (bootstrap.folder / ".venv" / "ziti-lock").write_text(bootstrap.digest(dev=False))
    assert bootstrap.satisfied(False)
    assert not bootstrap.satisfied(True)


def test_an_environment_for_the_tests_serves_everything(bootstrap):
    (bootstrap.folder / ".venv" / "ziti-lock").write_text(bootstrap.digest(dev=True))
    assert bootstrap.satisfied(True)
    assert bootstrap.satisfied(False)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_changed_lock_is_installed_again(bootstrap, lock):
    (bootstrap.folder / ".venv" / "ziti-lock").write_text(bootstrap.digest(dev=True))
    (bootstrap.folder / lock).write_text("one==3\n")
    assert not bootstrap.satisfied(True)


def test_an_environment_whose_python_is_gone_is_made_again(bootstrap):
    (bootstrap.folder / ".venv" / "ziti-lock").write_text(bootstrap.digest(dev=True))
    (bootstrap.folder / ".venv" / "bin" / "python").unlink()
    (bootstrap.folder / ".venv" / "bin" / "python").symlink_to("/gone")
    assert not bootstrap.satisfied(False)


def test_the_index_of_pip_is_told_to_uv_and_missing_folders_are_not(bootstrap, monkeypatch, tmp_path):
    there = tmp_path / "wheels"
    there.mkdir()
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", f"/not/there {there} https://mirror.example/more")
    settings = bootstrap.uv_settings()
    assert settings["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert settings["UV_FIND_LINKS"] == f"{there},https://mirror.example/more"


def test_without_network_it_ends_with_one_sentence(bootstrap, monkeypatch, capsys):
    bootstrap.scope |= {"by_uv": lambda file: False, "by_pip": lambda file: False}
    with pytest.raises(SystemExit, match="Once, the network is needed: PyPI, or the mirror in PIP_INDEX_URL"):
        bootstrap.install(False)
    assert not (bootstrap.folder / ".venv" / "ziti-lock").exists()


def test_pip_is_asked_where_uv_fails(bootstrap):
    asked = []
    bootstrap.scope |= {"by_uv": lambda file: False, "by_pip": lambda file: asked.append(file.name) or True}
    bootstrap.install(True)
    assert asked == ["requirements-dev.lock"]
    assert bootstrap.satisfied(True)


def test_a_wheel_that_is_not_the_locked_one_is_not_run(bootstrap, monkeypatch, tmp_path):
    wheel = b"uv-1.0-py3-none-manylinux_2_17_x86_64.manylinux_aarch64.macosx_11_0_arm64.musllinux_x86_64.whl"
    page = b'<a href="/files/' + wheel + b'">'
    answers = iter([page, b"another file"])
    opened = lambda address, timeout: SimpleNamespace(read=lambda: next(answers))  # noqa: E731
    monkeypatch.setattr("urllib.request.urlopen", opened)
    with pytest.raises(SystemExit, match=r"is not the file that requirements\.lock names; nothing was installed"):
        bootstrap.unpacked_uv(tmp_path, "uv==1.0 \\\n    --hash=sha256:" + "0" * 64)
    assert not (tmp_path / "uv.whl").exists()


def test_manage_py_works_from_another_folder(bare):
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "version"], env=bare, cwd="/", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout[:2]) == (0, "5.")
