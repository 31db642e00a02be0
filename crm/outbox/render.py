"""From a message's template and context to its text, in one language."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.base import Template as Compiled
from django.utils.translation import get_supported_language_variant, override

from crm.outbox.models import MessageTemplate
from crm.outbox.templates import FOLDER, VARIABLE, template
from crm.statements import Statement
from crm.words import exact, money, quantity

LANGUAGES = [code for code, _name in settings.LANGUAGES]
WORDINGS = Statement(
    lambda key, channel, languages: MessageTemplate.objects.filter(
        key=key, channel=channel, language__any_of=languages
    ).order_by(),
    marks=("a key", "a channel", "languages"),
)
MONEY = frozenset({"amount", "executed", "funds", "open", "paid", "total"})  # variables that are amounts
BUTTON = re.compile(r"(?P<label>[^\n:：]{1,60})[:：]\s*(?P<url>https?://\S+)")
ADDRESS = re.compile(r"(https?://[^\s，。；）)]+)")


def language_of(*wishes: str) -> str:
    """The first of `wishes` that the product speaks, else the company's language."""
    for wish in filter(None, wishes):
        try:
            return get_supported_language_variant(wish)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def render(key: str, channel: str, languages: Iterable[str], context: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The texts of the message `key` for `channel`, as `{language: {"subject", "body", "html"}}`.

    Raises TypeError where `context` lacks a variable of the message, LookupError where there is no such message.
    """
    if missing := template(key).missing_in(context):
        raise TypeError(f"the message {key} needs {', '.join(missing)}")
    wanted = list(languages)
    wordings = {row.language: row for row in WORDINGS(key, channel, wanted)}
    return {language: _text(key, channel, language, context, wordings.get(language)) for language in wanted}


def preview(key: str, channel: str, language: str, wording: MessageTemplate | None = None) -> dict[str, str]:
    """The message with its sample values, in the given wording, or in the built-in one."""
    return _text(key, channel, language, template(key).samples, wording)


def starting_text(key: str, channel: str, language: str) -> dict[str, str]:
    """The built-in text as the beginning of an own wording: its variables in curly brackets, every condition met."""
    names = {
        name: value if isinstance(value, (list, Mapping)) else f"{{{{ {name} }}}}" for name, value in _samples(key)
    }
    text = _text(key, channel, language, names, None)
    return {"subject": text["subject"], "body": text["body"]}


def has_text(key: str, channel: str) -> bool:
    """Whether the message `key` has its own text for `channel`."""
    return channel in template(key).channels


def _samples(key: str) -> Iterable[tuple[str, Any]]:
    return template(key).samples.items()


def _text(
    key: str, channel: str, language: str, context: Mapping[str, Any], wording: MessageTemplate | None
) -> dict[str, str]:
    with override(language):
        values = {"company": settings.COMPANY_NAME} | {name: present(value, name) for name, value in context.items()}
        html = ""
        if wording is not None:
            subject, body = _filled(wording.subject, values), _filled(wording.body, values)
        else:
            written = _compiled(f"{key}/{channel}.{language}.txt").render(Context(values, autoescape=False))
            subject, body = _split(key, written)
            if channel == "mail":
                html = _own_html(key, language, values)
        subject, body = " ".join(subject.split()), body.strip()
        if channel == "mail" and not html:
            html = html_of(subject, body, language)
    return {"subject": subject, "body": body, "html": html}


def present(value: Any, name: str = "") -> Any:
    """A value as a message writes it: moments and days with their weekday, Decimals grouped, the rest as it is.

    `name` is the variable's: those of MONEY are amounts, with the currency and two decimals.
    """
    if isinstance(value, date):
        return exact(value)
    if isinstance(value, Decimal):
        return money(value) if name in MONEY else quantity(value)
    if isinstance(value, Mapping):
        return {key: present(each, key) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [present(each, name) for each in value]
    return value


def html_of(subject: str, body: str, language: str) -> str:
    """A mail's html made from its text: paragraphs, live addresses, and a button for a line such as `Confirm: https://…`."""
    shell = {"subject": subject, "parts": parts_of(body), "language": language, "company": settings.COMPANY_NAME}
    return _compiled("mail.html").render(Context(shell))


def parts_of(body: str) -> list[dict[str, Any]]:
    """The paragraphs of a text: each a button (a label and an address alone), or pieces of which some are addresses."""
    parts: list[dict[str, Any]] = []
    for paragraph in re.split(r"\n\s*\n", body):
        button = BUTTON.fullmatch(paragraph.strip())
        pieces = [(each, index % 2 == 1) for index, each in enumerate(ADDRESS.split(paragraph)) if each]
        parts.append({"button": button.groupdict() if button else None, "pieces": pieces})
    return parts


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """An administrator's wording with its variables; nothing in it is ever run."""
    return VARIABLE.sub(lambda found: str(values.get(found[1], "")), text)


def _own_html(key: str, language: str, values: Mapping[str, Any]) -> str:
    try:
        return _compiled(f"{key}/mail.{language}.html").render(Context(dict(values)))
    except TemplateDoesNotExist:
        return ""


def _split(key: str, written: str) -> tuple[str, str]:
    """Subject and body of a text file."""
    first, _break, rest = written.lstrip().partition("\n")
    name, _colon, subject = first.partition(":")
    if name != "Subject" or not subject.strip():
        raise ValueError(f"{key}: a message's text begins with a line “Subject: ...”")
    return subject, rest


@cache
def _engine() -> Engine:
    return Engine(
        dirs=[str(FOLDER)],
        builtins=["django.templatetags.i18n", "crm.web.templatetags.crm"],
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
    )


def _compiled(name: str) -> Compiled:
    return _engine().get_template(name)
