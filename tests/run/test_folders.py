"""The data folder and who holds it."""

import os
import stat
import subprocess
import sys

import pytest

from crm.run.failure import Failure
from crm.run.folders import Folder


def test_a_folder_is_closed_to_others(folder):
    Folder(str(folder)).make()
    for path in (folder, *folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_second_holder_is_told_who_holds_the_folder(folder):
    first, second = Folder(str(folder)), Folder(str(folder))
    first.make()
    first.hold("manage.py up")
    first.announce("Ziti CRM at http://127.0.0.1:8000")
    with pytest.raises(Failure) as refused:
        second.hold("manage.py up")
    assert str(refused.value) == (
        f"Ziti CRM at http://127.0.0.1:8000 (process {os.getpid()}) runs on {folder}. "
        "Stop that one first, or choose another folder with --data-dir."
    )
    first.release()
    second.hold("manage.py up")
    second.release()


def test_a_folder_is_held_only_while_its_holder_runs(folder):
    first = Folder(str(folder))
    assert not first.held()
    first.make()
    first.hold("manage.py up")
    assert Folder(str(folder)).held()
    first.release()
    assert not Folder(str(folder)).held()


def test_a_new_holder_waits_for_the_children_of_the_last_one(folder, capsys):
    first, second = Folder(str(folder)), Folder(str(folder))
    first.make()
    first.hold("manage.py up")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=first.keep)
    first.release()
    os.set_blocking(child.stdin.fileno(), True)
    subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {child.pid}"])
    second.hold("manage.py up")
    assert child.wait(5) == -9
    assert "waiting for the end of an earlier start" in capsys.readouterr().out
    second.release()


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(folder):
    folder.mkdir()
    (folder / "thesis.docx").touch()
    with pytest.raises(Failure, match=r"holds other things \(thesis.docx\)"):
        Folder(str(folder)).make()
    assert [path.name for path in folder.iterdir()] == ["thesis.docx"]


def test_a_file_in_the_place_of_the_folder_is_one_clear_sentence(folder):
    folder.touch()
    with pytest.raises(Failure, match="cannot be used"):
        Folder(str(folder / "deeper")).make()


def test_a_long_path_has_its_sockets_elsewhere(folder):
    near = Folder(str(folder))
    assert near.sockets == folder / "run"
    far = Folder(str(folder / ("x" * 90)))
    assert len(str(far.sockets)) < 60
    assert far.sockets != Folder(str(folder / ("y" * 90))).sockets


def test_a_small_file_is_written_whole_and_read_back(folder):
    data = Folder(str(folder))
    data.make()
    assert data.read("kind") == ""
    data.write("kind", ["demo"])
    assert data.read("kind") == "demo"
    assert stat.S_IMODE((folder / "kind").stat().st_mode) == 0o600
