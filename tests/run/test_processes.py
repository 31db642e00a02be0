"""Children end with their parent, however it ends."""

import os
import subprocess
import sys
import textwrap

import psutil
import pytest

from crm.run import processes
from crm.run.failure import Failure
from crm.run.folders import ROOT
from crm.run.processes import Process

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"


def sleeper(tmp_path, code: str = SLEEPER) -> Process:
    return Process("Sleeper", [sys.executable, "-c", code], log=tmp_path / "sleeper.log")


@pytest.mark.parametrize("way", ["kernel", "guard"])
def test_a_child_ends_when_its_parent_is_killed(tmp_path, eventually, way):
    if way == "kernel" and sys.platform != "linux":
        pytest.skip("only Linux sends a death signal")
    script = f"""
        import sys, time
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from crm.run import processes
        if {way!r} == "guard":
            processes.PR_SET_PDEATHSIG = 9999  # the kernel does not know it, so only the guard is left
            processes.guard = lambda made=processes.Guard(): made
        child = processes.Process("Sleeper", [sys.executable, "-c", {SLEEPER!r}], log=Path({str(tmp_path / "log")!r}))
        child.start()
        print(child.popen.pid, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))
    assert child.is_running()
    parent.kill()
    parent.wait()
    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_stopping_also_ends_what_the_child_left_behind(tmp_path, eventually):
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
    child = sleeper(tmp_path, code)
    child.start()
    eventually(lambda: child.log.read_text().strip())
    left = psutil.Process(int(child.log.read_text()))
    child.stop()
    assert not child.running()
    eventually(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE)


def test_a_child_that_will_not_stop_is_killed(tmp_path, eventually):
    child = sleeper(
        tmp_path, "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    child.start()
    eventually(lambda: "up" in child.log.read_text())
    child.stop(seconds=0.2)
    assert not child.running()


def test_a_child_that_ends_at_once_shows_the_end_of_its_log(tmp_path):
    class Never(Process):
        def ready(self) -> bool:
            return False

    child = Never(
        "Broken", [sys.executable, "-c", "import sys; sys.exit('no such table')"], log=tmp_path / "broken.log"
    )
    child.start()
    with pytest.raises(Failure, match=r"Broken did not start within 10 s:\n  no such table\nMore in .*broken.log"):
        child.wait_ready(10)


def test_ctrl_c_reaches_the_parent_only(tmp_path, eventually):
    child = sleeper(tmp_path)
    child.start()
    assert os.getsid(child.popen.pid) == child.popen.pid != os.getsid(0)
    child.stop()


def test_a_large_log_keeps_one_older_part_while_the_child_goes_on_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "MAX_LOG_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("x" * 11)
    with log.open("ab") as still_open:
        processes.rotate(log)
        still_open.write(b"new")
    assert (tmp_path / "web.1.log").read_text() == "x" * 11
    assert log.read_text() == "new"
    processes.rotate(log)
    assert log.read_text() == "new"


def test_signals_are_sent_once(tmp_path, eventually):
    code = """
        import signal, sys, time
        signal.signal(15, lambda *_: print("asked", flush=True))
        print("up", flush=True)
        while True: time.sleep(0.05)
    """
    child = sleeper(tmp_path, textwrap.dedent(code))
    child.start()
    eventually(lambda: "up" in child.log.read_text())
    child.interrupt()
    eventually(lambda: "asked" in child.log.read_text())
    child.stop(seconds=0.3)
    assert child.log.read_text().count("asked") == 1
