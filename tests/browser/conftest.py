"""A real browser against the real server: people who sign in, what they do, and what axe-core says of each page."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from crm.outbox.models import Message
from tests.world import World

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
SHOTS = os.environ.get("ZITI_SHOTS", "")  # a folder, where somebody wants to look at the pages
LANGUAGES = {"en": "en-GB", "zh-hans": "zh-CN"}
PASSWORD = "mountain-river-42"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The company, at the real time: the server runs in a thread of its own and looks at the real clock."""
    cache.clear()
    yield World()
    cache.clear()


class Visitor:
    """A page of the browser, and what people do with it."""

    def __init__(self, page: Any, url: str, name: str) -> None:
        self.page, self.url, self.name, self.shots = page, url, name, 0

    def go(self, path: str) -> None:
        """Open an address of the server."""
        assert self.page.goto(self.url + path).status == 200, path

    def sign_in(self, username: str) -> None:
        """Sign in through the form."""
        self.go("/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form.fields .btn-primary")
        self.page.wait_for_url(self.url + "/")

    def open(self, verb: str) -> Any:
        """Press the button of a verb, in the menu "More" where it stands there, and answer its dialog."""
        button = self.page.locator(f'#content a[href*="/do/{verb}/"]').first
        if not button.is_visible():
            self.page.locator("#content details.menu summary").first.click()
        button.click()
        dialog = self.page.locator("dialog[open]")
        dialog.wait_for()
        return dialog

    def do(self, verb: str, *steps: Callable[[Any], None], **fields: str) -> None:
        """Open a verb's dialog, fill it in, and send it."""
        dialog = self.open(verb)
        for name, value in fields.items():
            dialog.locator(f'[name="{name}"]').fill(value)
        for step in steps:
            step(dialog)
        self.send(dialog)

    def send(self, dialog: Any) -> None:
        """Send a dialog and wait for the page that comes of it."""
        dialog.locator(".sheet-foot .btn-primary").click()
        self.page.wait_for_function("() => !document.querySelector('dialog[open]')")
        self.page.wait_for_load_state("load")

    def pick(self, dialog: Any, field: str, typed: str, chosen: str) -> None:
        """Choose from a picker by typing; `chosen` is what the list must offer first."""
        picker = dialog.locator(f'.picker:has(input[type=hidden][name="{field}"]) input[data-picker]')
        picker.click()
        picker.press_sequentially(typed, delay=15)
        option = dialog.locator(".picker-list [role=option]", has_text=chosen).first
        option.wait_for()
        option.click()

    def sign(self, which: str) -> None:
        """Draw a signature with the mouse."""
        canvas = self.page.locator(f'canvas[data-signature="{which}"]')
        canvas.scroll_into_view_if_needed()
        box, mouse = canvas.bounding_box(), self.page.mouse
        left, middle = box["x"] + 20, box["y"] + box["height"] / 2
        mouse.move(left, middle)
        mouse.down()
        for step in range(1, 12):
            mouse.move(left + step * 12, middle + (-1) ** step * 14)
        mouse.up()

    def check(self, what: str) -> None:
        """No serious finding of axe-core on the page as it is, and a picture of it where one is wanted."""
        self.shots += 1
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/path_{self.name}_{self.shots:02}_{what}.png", full_page=True)
        # What still moves or fades in has colours of its own for a moment: it is looked at when it stands still.
        self.page.wait_for_function(
            "() => document.getAnimations().every((each) => each.playState !== 'running')"
            " && !document.querySelector('.htmx-request')"
        )
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
            ".filter((each) => ['serious', 'critical'].includes(each.impact))"
            ".map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)"
        )
        assert found == [], f"{what}: {found}"
        width = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{what} is {width} px wider than the screen"

    def sound(self) -> None:
        """Nothing went wrong in the page's scripts."""
        assert self.page.problems == []


# The own language with every run; the other one, and the longest walks, with the long tests: a browser takes time.
@pytest.fixture(params=[pytest.param("en", marks=pytest.mark.long), "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def visitor(open_page: Any, live_server: Any, language: str) -> Callable[..., Visitor]:
    """`visitor("clerk", "tablet")`: a page in the test's language, in a context of its own."""

    def make(name: str, size: str = "desktop") -> Visitor:
        return Visitor(open_page(size, LANGUAGES[language]), live_server.url, f"{language}_{name}")

    return make


def link_of(template: str) -> str:
    """The path of the link in the last mail of `template`."""
    mail = Message.objects.filter(channel="mail", template=template).latest("pk")
    return re.search(r"http://testserver(/l/\S+)", mail.text(mail.language)["body"])[1]
