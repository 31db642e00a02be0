"""Ends the children of a process that is gone; run by path, with the standard library only.

Reads `+ PID SIGNAL` and `- PID` from standard input. When that ends, because the writer ended, every child still
listed gets its signal, and what is left of its session after three seconds is killed.
"""

import contextlib
import os
import signal
import sys
import time


def alive(pid: int) -> bool:
    """Whether the process still runs."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def main() -> None:
    """Listen until the writer is gone, then end its children."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    children: dict[int, int] = {}
    for line in sys.stdin:
        sign, pid, *death_signal = line.split()
        if sign == "+":
            children[int(pid)] = int(death_signal[0])
        else:
            children.pop(int(pid), None)
    for pid, death in children.items():
        with contextlib.suppress(OSError):
            os.kill(pid, death)
    limit = time.monotonic() + 3
    while time.monotonic() < limit and any(map(alive, children)):
        time.sleep(0.05)
    for pid in children:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
