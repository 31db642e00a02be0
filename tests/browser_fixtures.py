"""A real browser for the tests marked `browser`: Chromium by playwright, skipped with the reason where it is missing.

Use with `live_server`. Every page that a test opens must log nothing to the console but what the test allows.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium per process of the tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = os.environ.get("CHROMIUM_BIN") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=program, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser) -> Iterator[object]:
    """A function that opens a page: `open_page(size="desktop", locale="en", **more of playwright's new_context)`.

    Every page has a context, that is cookies, of its own. Its errors are kept in `page.problems`: what the console
    said as an error, and exceptions of scripts. A test that looked at a page asserts that there are none. Nothing
    slides or fades unless a test asks for it, since a page in motion looks different at every look.
    """
    contexts = []

    def open_(size: str = "desktop", locale: str = "en", **options):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
            has_touch=size != "desktop",
            **{"reduced_motion": "reduce", **options},
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page) -> object:
    """A desktop page in English."""
    return open_page()


@pytest.fixture
def phone_page(open_page) -> object:
    """A page of a phone's width in Chinese, as a customer has it."""
    return open_page("phone", "zh-CN")
