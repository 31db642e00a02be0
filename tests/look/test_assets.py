"""What is served: icons that exist, nothing inline that the strict CSP would stop, files that the manifest can hash."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

from crm.web.templatetags.crm import icon_names

VENDOR = settings.BASE_DIR / "static" / "vendor"
MAILS = {"messages/mail.html"}  # a mail program knows inline styles only
FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(
    path.relative_to(FOLDER).as_posix()
    for path in FOLDER.rglob("*.html")
    if path.relative_to(FOLDER).as_posix() not in MAILS
)
SOURCES = [
    path
    for app in ("crm", "customers", "orders", "templates")
    for suffix in ("*.py", "*.html")
    for path in (settings.BASE_DIR / app).rglob(suffix)
]


def test_the_sprite_holds_exactly_the_icons_of_the_list():
    ids = re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text())
    assert sorted(ids) == sorted(icon_names())


def test_every_icon_that_is_named_anywhere_is_in_the_sprite():
    pattern = re.compile(r"""(?:\{% icon |\bicon=|"icon": )["']([a-z0-9-]+)["']""")
    named = {(name, path.name) for path in SOURCES for name in pattern.findall(path.read_text())}
    assert {(name, file) for name, file in named if name not in icon_names()} == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_anything_inline_that_the_csp_stops(name):
    text = (FOLDER / name).read_text()
    assert not re.search(r"""<[^>{]*\sstyle=""", text), "a style attribute"
    assert not re.search(r"<style\b", text), "a style element"
    assert not re.search(r"""<[^>{]*\son[a-z]+=["']""", text), "an event attribute"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"""(?:src|href)=["']https?:""", text), "another host"


def test_the_scripts_evaluate_no_text_and_ask_no_other_host():
    for path in (settings.BASE_DIR / "static" / "crm").glob("*.js"):
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|https?://", text), path.name


def test_every_vendored_package_is_pinned_and_has_its_licence():
    lines = [line.split() for line in (VENDOR / "VERSIONS").read_text().splitlines() if not line.startswith("#")]
    assert {line[0] for line in lines} == {"@tabler/core", "htmx.org", "signature_pad", "@tabler/icons", "axe-core"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", line[1]) for line in lines)
    for licence in ("tabler/LICENSE", "htmx/LICENSE", "signature_pad/LICENSE", "icons.LICENSE"):
        assert (VENDOR / licence).read_text().strip()


def test_the_manifest_storage_finds_every_file_that_a_file_names(tmp_path):
    storage = CompressedManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    finder = FileSystemFinder()
    paths = {}
    for name, source in finder.list([]):
        with source.open(name) as file:
            storage._save(name, file)
        paths[name] = (storage, name)
    failures = [result for _name, _hashed, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    assert storage.hashed_files["vendor/icons.svg"].startswith("vendor/icons.")
