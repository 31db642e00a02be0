"""What rules must be, said by `manage.py check`: every verb, model, status and unit that they name exists."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from crm.actions import ACTIONS
from crm.deadlines.rules import RULES, Rule


@register()
def rules_make_sense(app_configs: object = None, **_: object) -> list[CheckMessage]:
    """Faults in the declared rules."""
    return [message for rule in RULES.values() for message in _faults(rule)]


def _faults(rule: Rule) -> Iterator[CheckMessage]:
    for verb in (*rule.met_by, *filter(None, [rule.soon, rule.late])):
        if verb not in ACTIONS:
            yield Error(f"Rule {rule.key} names the verb {verb!r}, which does not exist.", id="deadlines.E001")
    if not rule.met_by:
        yield Error(f"Rule {rule.key} names no verb that meets it.", id="deadlines.E002")
    if rule.on is None and not callable(rule.who):
        yield Error(f"Rule {rule.key} is about the company and names nobody who must act.", id="deadlines.E005")
    try:
        assert rule.default is None or rule.default
        assert rule.default_warn is None or rule.default_warn
        model = rule.model
    except (ValueError, LookupError) as error:
        yield Error(f"Rule {rule.key}: {error}", id="deadlines.E003")
        return
    if model is None or not (rule.during or rule.pauses):
        return
    status_field: Any = model._meta.get_field("status")
    known = {value for value, _label in status_field.flatchoices}
    for status in (set(rule.during or ()) | set(rule.pauses)) - known:
        yield Error(f"Rule {rule.key} names the state {status!r}, which {model.__name__} has not.", id="deadlines.E004")
