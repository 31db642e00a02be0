"""What is to be approved: facts as canonical JSON with its hash, and the words in which people read them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm.words import exact, money, quantity

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Fact:
    """One thing that decides: `key` names it for good, `label` for people.

    `value` is a text, number, Decimal, day, moment, yes or no, record, or a list of them; `kind` "money" or "quantity"
    says how a Decimal reads. A text that differs by language is lazy: the label of a choice, `Terms(terms).label`.
    `parts` are the parts of the question that it belongs to; without any it belongs to all of them.
    """

    key: str
    label: Any
    value: Any
    kind: str = "text"
    parts: tuple[str, ...] = ()

    def concerns(self, part: str) -> bool:
        """Whether whoever judges `part` ("": the whole) looks at it."""
        return not part or not self.parts or part in self.parts


def canonical(value: Any) -> Any:
    """`value` so that equal things are equal texts: records by model and key, numbers without trailing zeros.

    What was an int when it was asked is a Decimal when it is read back, and must be the same.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, Decimal)):
        return f"{Decimal(value).normalize() + 0:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return [canonical(each) for each in value]
    return str(value)


def digest_of(verb: str, subject: models.Model | None, facts: Iterable[Fact]) -> tuple[dict[str, Any], str]:
    """The facts as they are kept, and the SHA-256 of verb, subject and facts. Raises TypeError for a key twice."""
    kept: dict[str, Any] = {}
    for fact in facts:
        if fact.key in kept:
            raise TypeError(f"{verb} names the fact {fact.key} twice")
        kept[fact.key] = canonical(fact.value)
    content = json.dumps([verb, canonical(subject), kept], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return kept, hashlib.sha256(content.encode()).hexdigest()


def digests_of_parts(
    verb: str, subject: models.Model | None, facts: Iterable[Fact], parts: Iterable[str]
) -> dict[str, str]:
    """For each part the hash of the facts that it judges: the same as long as none of them changes."""
    found = list(facts)
    return {part: digest_of(verb, subject, [each for each in found if each.concerns(part)])[1] for part in parts}


def wording_of(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """The facts word for word as people read them, in every language: `[{"key", "label": {...}, "text": {...}}]`.

    A fact of some parts only has their names as "parts".
    """
    found = list(facts)
    labels: list[dict[str, str]] = [{} for _fact in found]
    texts: list[dict[str, str]] = [{} for _fact in found]
    for language in LANGUAGES:
        with override(language):
            for index, fact in enumerate(found):
                labels[index][language], texts[index][language] = str(fact.label), text_of(fact.value, fact.kind)
    return [
        {"key": fact.key, "label": label, "text": text} | ({"parts": list(fact.parts)} if fact.parts else {})
        for fact, label, text in zip(found, labels, texts, strict=True)
    ]


def text_of(value: Any, kind: str = "text") -> str:
    """A value as the reader's language writes it; a list is one line each."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return money(value) if kind == "money" else quantity(value)
    if isinstance(value, date):
        return exact(value)
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return "\n".join(text_of(each, kind) for each in value)
    return str(value)


def said(texts: Mapping[str, str]) -> str:
    """Of a text kept in every language the reader's."""
    return texts.get(get_language() or "") or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), "")


def in_every_language(make: Callable[[], Any]) -> dict[str, str]:
    """What `make` says, in each language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(make())
    return found


def differences(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What reads differently in two wordings: `[{"label", "before", "after"}]`, each in every language."""
    old = {row["key"]: row for row in before}
    new = {row["key"]: row for row in after}
    nothing = dict.fromkeys(LANGUAGES, "")
    found = []
    for key in {**old, **new}:
        was, becomes = old.get(key, {}).get("text", nothing), new.get(key, {}).get("text", nothing)
        if was != becomes:
            found.append({"label": (new.get(key) or old[key])["label"], "before": was, "after": becomes})
    return found
