""".env.example is the list of all variables, and nothing else."""

import re
from itertools import pairwise

from crm.run.fingerprint import packages
from crm.run.folders import ROOT
from tests.run.test_compose import COMPOSE, variables

READ = re.compile(r"""(?:env\.(?:text|flag|number|words)\(|environ(?:\.get\(|\[))\s*["']([A-Z][A-Z_]+)["']""")
FOREIGN = {"PATH", "PIP_INDEX_URL", "UV_CACHE_DIR", "XDG_CACHE_HOME", "DJANGO_SETTINGS_MODULE"}


def listed() -> list[str]:
    return re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)


def read() -> set[str]:
    files = [ROOT / "manage.py", ROOT / "tests" / "browser_fixtures.py"]
    files += [file for package in packages() for file in package.rglob("*.py")]
    names = {name for file in files for name in READ.findall(file.read_text(encoding="utf-8"))}
    return {name for name in names - FOREIGN if not name.startswith("ZITI_TEST_")}  # those are the tests' own


def test_every_variable_that_is_read_is_listed_once():
    names = listed()
    assert len(names) == len(set(names))
    assert sorted(read() - set(names)) == []


def test_nothing_is_listed_that_nobody_reads():
    assert sorted(set(listed()) - read() - variables(COMPOSE)) == []


def test_every_variable_is_explained_in_the_line_above():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"[A-Z_]+=", line):
            assert before.startswith("#") or re.match(r"[A-Z_]+=", before), line
