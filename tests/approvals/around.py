"""Every way by which somebody might do a verb that others must agree to first; for the tests that try them all."""

import json
from typing import Any

from django.core.files.base import File
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.api.resources import resource_of
from crm.api.tokens import issue
from crm.approvals import actions as approvals
from crm.approvals.declare import APPROVALS, ASKED_BY
from crm.approvals.models import ApprovalRequest, Task
from crm.web.actions import do_to_many
from crm.web.bulk_work import work
from crm.web.models import BulkRow
from tests.doors.ready import READY
from tests.world import World

VERBS = sorted(name for name in APPROVALS if name in READY)


def asker_of(world: World) -> User:
    """Somebody beside root who may do everything, and asks; and one who decides where nobody else fits."""
    world.person("keeper", "administrator")
    return User.objects.create_superuser("asker", "mountain-river-42", name="申", department=world.sales)


def again(obj: Any) -> Any:
    """The record as it is now."""
    return type(obj)._base_manager.get(pk=obj.pk)


def split(inputs: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is typed, and the files, each from its beginning."""
    files = {name: value for name, value in inputs.items() if isinstance(value, File)}
    for file in files.values():
        file.seek(0)
    return {name: value for name, value in inputs.items() if name not in files}, files


def call(name: str, obj: Any, inputs: dict[str, Any], by: User) -> Any:
    """Do the verb by calling it, with what its form makes of the inputs; an invalid form is a ValueError."""
    verb, fresh = ACTIONS[name], again(obj)
    data, files = split(inputs)
    form = verb.bind(by=by, obj=fresh, data=data, files=files)
    if not form.is_valid():
        raise ValueError(form.problems())
    return verb(fresh, by=by, **form.cleaned_data)


def ask(name: str, obj: Any, inputs: dict[str, Any], by: User) -> ApprovalRequest:
    """A request to be allowed to do it."""
    found: ApprovalRequest = call(ASKED_BY[name].name, obj, inputs, by)
    return found


def agree(request: ApprovalRequest) -> ApprovalRequest:
    """Everybody who is asked says yes, one after the other."""
    while task := request.tasks.filter(status=Task.Status.WAITING).first():
        approvals.approve(task, by=task.approver, opinion="同意")
    request.refresh_from_db()
    return request


class Doors:
    """The ways in of one person, who signed in once; each answers "refused", or else what happened."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.browser = Client()
        self.browser.force_login(user)
        _token, secret = issue(user, "test", ("write",), days=None)
        self.program = Client(headers={"Authorization": f"Bearer {secret}"})

    def page(self, verb: Action, obj: Any, inputs: dict[str, Any]) -> str:
        """The dialog, posted as a browser does."""
        return _status(self.browser.post(f"/do/{verb.name}/{obj.pk}/", {"_key": "page", **_typed(inputs)}).status_code)

    def rest(self, verb: Action, obj: Any, inputs: dict[str, Any]) -> str:
        """REST, with a token; a file goes as a form of parts."""
        resource = resource_of(type(obj))
        url = resource.url_of(obj.pk) if resource else f"/api/v1/{obj._meta.label_lower}/{obj.pk}/"
        data, files = split(inputs)
        if files:
            return _status(self.program.post(f"{url}{verb.name}/", {**data, **files}).status_code)
        given = json.dumps(data)
        return _status(self.program.post(f"{url}{verb.name}/", given, content_type="application/json").status_code)

    def many(self, verb: Action, obj: Any, inputs: dict[str, Any]) -> str:
        """The bulk page, where no list offers it; and a bulk action that somebody got begun all the same."""
        answer = self.browser.post(f"/do-many/{verb.name}/", {"rows": str(obj.pk), **_typed(inputs)}).status_code
        typed = QueryDict(mutable=True)
        typed.update(_typed(split(inputs)[0]))
        run = do_to_many(by=self.user, verb=verb.name, rows=[obj.pk], inputs=typed.urlencode())
        work(run.pk)
        state = run.rows.get().state
        return "refused" if answer == 404 and state == BulkRow.State.REFUSED else f"{answer} {state}"

    def admin(self, verb: Action, obj: Any, inputs: dict[str, Any]) -> str:
        """The back office: its form changes nothing, and its button leads to the dialog."""
        path = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
        shown = self.browser.get(path)
        if shown.status_code != 200:
            return f"no page {path}"
        written = self.browser.post(path, {"status": "done"}).status_code
        pressed = self.page(verb, obj, inputs)
        return "refused" if written == 403 and pressed == "refused" else f"{written} {pressed}"


def _typed(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs as the fields of a page have them, files from their beginning."""
    data, files = split(inputs)
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for index, line in enumerate(value):
                found |= {f"{name}-{index}-{field}": each for field, each in line.items()}
        else:
            found[name] = value
    return {**found, **files}


def _status(status: int) -> str:
    """What page and REST answer: 409 for a refusal, 422 and 400 for input that the record does not take any more."""
    return "refused" if status in (400, 409, 422) else str(status)


WAYS = (Doors.page, Doors.rest, Doors.many, Doors.admin)
