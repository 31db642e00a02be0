"""Every verb of the apps through the page and through REST: unseen, forbidden, done, and done only once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import File
from django.db import transaction
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.accounts.roles import defaults
from crm.actions import ACTIONS, Action
from crm.api.tokens import issue
from crm.approvals.declare import ASKED_BY
from crm.records.models import ActionLog
from crm.refusals import only_the_system
from tests.doors.ready import READY
from tests.world import MORNING, World

FRAME = ("accounts", "api", "approvals", "deadlines", "exchange", "links", "outbox", "records", "web")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


def by_page(user: User, verb: Action, obj: Any, inputs: dict[str, Any], key: str) -> int:
    """Post the dialog's form as a browser does; a redirect is success."""
    client = Client()
    client.force_login(user)
    path = f"/do/{verb.name}/" + (f"{obj.pk}/" if obj is not None else "")
    data: dict[str, Any] = {"_key": key}
    for name, value in inputs.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for index, line in enumerate(value):
                data |= {f"{name}-{index}-{field}": each for field, each in line.items()}
        else:
            data[name] = _again(value)
    status = client.post(path, data).status_code
    return 200 if status == 302 else status


def by_rest(user: User, verb: Action, obj: Any, inputs: dict[str, Any], key: str) -> int:
    """Send JSON with a token; a file goes as a form of parts."""
    _token, secret = issue(user, "test", ("write",), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key})
    method, path = "POST", f"/api/v1/{verb.name}/"
    if obj is not None:
        from crm.api.resources import resource_of

        resource = resource_of(type(obj))
        url = resource.url_of(obj.pk) if resource else f"/api/v1/{obj._meta.label_lower}/{obj.pk}/"
        path = f"{url}{verb.name}/"
    if any(isinstance(value, File) for value in inputs.values()):
        status = client.post(path, {name: _again(value) for name, value in inputs.items()}).status_code
    else:
        status = client.generic(method, path, json.dumps(inputs), content_type="application/json").status_code
    return 200 if status == 201 else status


def customers_words() -> set[str]:
    """The verbs that are the customer's own word: done under his link, and given to no role."""
    given = defaults()
    return given.system_grants["links"] - set().union(*given.grants.values())


def _again(value: Any) -> Any:
    """A file from its beginning, however often it was sent before."""
    if isinstance(value, File):
        value.seek(0)
    return value


Door = Callable[[User, Action, Any, dict[str, Any], str], int]
DOORS: dict[Door, str] = {by_page: "page", by_rest: "api"}  # and what the log calls them
NAMES = sorted(name for name in ACTIONS if name.split(".")[0] not in FRAME)


def test_every_verb_of_the_apps_is_tried() -> None:
    assert sorted(READY) == NAMES


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_verb_at_every_door(name: str, world: World) -> None:
    """What it is done to is made once, and is for each door as it was."""
    verb = ACTIONS[name]
    if verb in ASKED_BY.values():
        world.person("keeper", "administrator")  # root asks, and somebody else must be there to decide
    obj, inputs = READY[name](world)
    assert world.root and world.reader and world.stranger
    for enter in DOORS:
        with transaction.atomic():
            try_at(enter, verb, obj, inputs, world)
            transaction.set_rollback(True)
        caches["default"].clear()


def try_at(enter: Door, verb: Action, obj: Any, inputs: dict[str, Any], world: World) -> None:
    """Unseen by the stranger, forbidden to the reader, done by root, and done only once."""
    done = ActionLog.objects.filter(verb=verb.name).count
    before = done()
    if obj is not None and verb.app_label not in ("catalog",):
        assert enter(world.stranger, verb, obj, inputs, "k0") == 404
    assert enter(world.reader, verb, obj, inputs, "k1") == 403
    assert done() == before
    # What is the customer's own word, or what others must agree to first, is closed at every door.
    if verb.unless is only_the_system or verb.name in customers_words() or verb.approval is not None:
        assert enter(world.root, verb, obj, inputs, "k2") == 409
        assert done() == before
        return
    for _time in range(2):
        assert enter(world.root, verb, obj, inputs, "k2") == 200
        assert done() == before + 1
    row = ActionLog.objects.filter(verb=verb.name, cause=None).latest("pk")
    assert row.actor == world.root
    assert row.door == DOORS[enter]
