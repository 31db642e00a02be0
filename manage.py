#!/usr/bin/env python3
"""The one command: `manage.py up` runs the system, `manage.py test` tests it, `manage.py help` names the others."""

import os
import runpy
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))


def main() -> int:
    """Make the environment where it is missing, go on inside it, and run the command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python reads
        sys.exit("Ziti CRM needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + ".")
    if sys.platform == "win32":
        sys.exit("Ziti CRM runs on Linux and macOS; on Windows use WSL, or docker compose.")
    if not os.environ.get("CRM_NO_BOOTSTRAP"):
        # By its path: importing it as a part of the package would import Celery, which may not be there yet.
        bootstrap = runpy.run_path(os.path.join(ROOT, "crm", "run", "bootstrap.py"))
        bootstrap["ensure"](dev=sys.argv[1:2] == ["test"])
    from crm.run.main import run

    return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
