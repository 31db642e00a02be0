"""The messages that exist: each is declared once, with the variables that its texts may use.

The texts stand in `templates/messages/<key>/<channel>.<language>.txt`: a line "Subject: ...", an empty line, then
the body, in Django's template language. A mail may have a `.html` beside it; without one it is made from the text. An
administrator's own wording (crm.outbox.models.MessageTemplate) wins over the files and knows variables only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FOLDER = Path(settings.BASE_DIR) / "templates" / "messages"
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")

# What every message may say beside its own variables, with a sample for the preview.
COMMON: dict[str, Any] = {
    "recipient": gettext_lazy("Wang Xiaoming"),
    "company": settings.COMPANY_NAME,
    "url": f"{settings.CRM_URL}/",
}

TEMPLATES: dict[str, "Template"] = {}


@dataclass(frozen=True)
class Template:
    """One message: `key` names it and its folder of texts, `label` says to an administrator when it is sent.

    `variables` are the names that its texts may use, each with a sample value for the preview (lazily translated where
    the languages differ). Who queues the message must give every one of them; `recipient`, `company` and `url` (the
    record's page, for staff) are there without being given. Moments, days and Decimals are written
    as the reader's language writes them.
    """

    key: str
    label: Any
    variables: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(f"{self.key!r} is no key of a message: lower-case words with dots between")
        if self.key in TEMPLATES:
            raise ValueError(f"two messages are named {self.key}")
        TEMPLATES[self.key] = self

    @cached_property
    def channels(self) -> list[str]:
        """The channels for which there are texts."""
        return sorted({file.name.split(".")[0] for file in (FOLDER / self.key).glob("*.txt")})

    @property
    def samples(self) -> dict[str, Any]:
        """Every variable with its sample."""
        return COMMON | dict(self.variables)

    def missing_in(self, context: Mapping[str, Any]) -> list[str]:
        """The variables that `context` lacks."""
        return sorted(self.variables.keys() - context.keys())


def template(key: str) -> Template:
    """The message named `key`. Raises LookupError that names it."""
    if key not in TEMPLATES:
        raise LookupError(f"no message is named {key!r}; declare it as a crm.outbox.templates.Template")
    return TEMPLATES[key]


def problems_of(key: str, text: str) -> list[str]:
    """What is wrong with an administrator's wording of the message `key`, as sentences; empty where nothing is."""
    if key not in TEMPLATES:
        return [_("There is no message “%(key)s”.") % {"key": key}]
    known = TEMPLATES[key].samples
    unknown = sorted(set(VARIABLE.findall(text)) - known.keys())
    problems = [
        _("There is no variable “%(name)s” here; possible are: %(names)s.") % {"name": name, "names": ", ".join(known)}
        for name in unknown
    ]
    if re.search(r"{[{%#]|[%#}]}", VARIABLE.sub("", text)):
        problems.append(_("Only variables such as {{ company }} are possible, nothing else in curly brackets."))
    return problems
