"""How the rest of the product speaks to people: one call writes one message, in the transaction of its cause.

The same `key` again writes nothing and answers the message that is there. What leaves the house leaves after commit.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import clock, via
from crm.accounts.deputies import stand_in, stand_ins
from crm.accounts.models import Absence, User
from crm.accounts.scopes import sees
from crm.actions import customer_of
from crm.outbox.models import Message
from crm.outbox.render import LANGUAGES, has_text, html_of, language_of, render
from crm.outbox.tasks import wake
from crm.refusals import Refused
from crm.statements import MARK, Change, insert_keyed

Status, Channel = Message.Status, Message.Channel
NOT_SENT = Message.objects.filter(status__in=[Status.QUEUED, Status.OPEN])
TAKEN_BACK: dict[str, Any] = {"status": Status.CANCELLED, "next_at": None, "version": F("version") + 1}
WITHDRAW = Change(lambda kind, pk: NOT_SENT.filter(subject_type=kind, subject_pk=pk), **TAKEN_BACK)
WITHDRAW_ONE = Change(
    lambda kind, pk, template: NOT_SENT.filter(subject_type=kind, subject_pk=pk, template=template),
    marks=(MARK, MARK + 1, "a template"),
    **TAKEN_BACK,
)


def notify(
    user: User,
    template: str,
    *,
    about: models.Model | None,
    context: Mapping[str, Any],
    key: str,
    cause: int | None = None,
) -> Message:
    """Ring the bell of `user`, and mail him too where he wants that.

    The text is kept in every language, and shown in the reader's. `about` is the record that the notice opens, `key`
    what makes it the same notice, `cause` the row of the action log behind it (the running verb's by default).
    """
    values = {"recipient": user.display_name, "url": _address_of(about), **context}
    texts = render(template, Channel.NOTICE, LANGUAGES, values)
    notice = _write(
        Message(channel=Channel.NOTICE, status=Status.UNREAD, recipient=user, language=language_of(user.language)),
        template,
        texts,
        about=about,
        key=_key_of_notice(user.pk, key),
        cause=cause,
    )
    if user.mail_notices and user.email:
        language = notice.language
        if has_text(template, Channel.MAIL):
            texts = render(template, Channel.MAIL, [language], values)
        else:
            texts = _as_mail(texts[language], values["url"], language)
        row = _mail(recipient=user, language=language, email=user.email, contact_name=user.display_name)
        _send(row, template, texts, about=about, key=notice.key, cause=cause)
    return notice


def notify_each(
    users: Iterable[User | None],
    template: str,
    *,
    by: User,
    about: models.Model | None,
    context: Mapping[str, Any],
    key: str,
) -> None:
    """Ring the bell of these people and of who stands in for one who is away, once each.

    It rings neither for who did it, nor for the house itself, nor for who has left; and only for a stand-in who may see
    what it is about.
    """
    people = {user.pk: user for user in users if user is not None and not user.is_system}
    away = {pk for pk, user in people.items() if not user.is_active}
    if people:
        away.update(Absence.objects.on(clock.now()).filter(user__in=people).values_list("user", flat=True))
    there = {user.pk: user for user in stand_ins(people[pk] for pk in away).values()} if away else {}
    may = {pk: user for pk, user in there.items() if pk in people or about is None or sees(user, about)}
    for user in (people | may).values():
        if user.pk != by.pk and user.is_active:
            notify(user, template, about=about, context=context, key=key)


def _key_of_notice(user: int, key: str) -> str:
    return f"notice:{user}:{key}"


def notified(notices: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these notices, each the key of a user and its `key`, were written already; one query."""
    wanted = {_key_of_notice(user, key): (user, key) for user, key in notices}
    written = Message.objects.filter(key__any_of=list(wanted)).values_list("key", flat=True)
    return {wanted[key] for key in written} if wanted else set()


def mail(
    *,
    template: str,
    about: models.Model | None,
    context: Mapping[str, Any],
    key: str,
    contact: Any = None,
    address: str = "",
    contact_name: str = "",
    language: str = "",
    cause: int | None = None,
) -> Message:
    """Mail a customer's contact (whose `email`, `name` and `language` are used), or an `address` outside.

    `language` is the one that he reads; without one it is the contact's, else the company's. Two people are told by
    two calls with two keys. Raises Refused where there is no address.
    """
    address = address or getattr(contact, "email", "")
    contact_name = contact_name or getattr(contact, "name", "")
    if not address:
        raise Refused(
            "no_mail_address",
            _("There is no mail address of %(name)s.") % {"name": contact_name or _("this contact")},
            _("Add one to the contact, or call instead."),
        )
    language = language_of(language, getattr(contact, "language", ""))
    texts = render(template, Channel.MAIL, [language], {"recipient": contact_name, "url": "", **context})
    row = _mail(language=language, email=address, contact_name=contact_name)
    return _send(row, template, texts, about=about, key=key, cause=cause)


def call(
    *,
    assignee: User,
    template: str,
    about: models.Model | None,
    context: Mapping[str, Any],
    key: str,
    contact_name: str,
    phone: str,
    language: str = "",
    due: datetime | None = None,
    cause: int | None = None,
) -> Message:
    """Ask `assignee`, or his deputy where he is away, to phone somebody; the text is what to say.

    `language` is the one that the contact speaks; the script is kept in every language. `due` is when to call at the
    latest (now by default). The result is recorded by the verb outbox.record_call.
    """
    values = {"recipient": contact_name, "url": _address_of(about), **context}
    texts = render(template, Channel.CALL, LANGUAGES, values)
    row = Message(
        channel=Channel.CALL,
        status=Status.OPEN,
        recipient=stand_in(assignee, clock.now()),
        language=language_of(language),
        contact_name=contact_name,
        phone=phone,
        next_at=due or clock.now(),
    )
    return _write(row, template, texts, about=about, key=f"call:{key}", cause=cause)


def reach(
    contact: Any,
    *,
    template: str,
    about: models.Model | None,
    context: Mapping[str, Any],
    key: str,
    assignee: User,
    both: bool = False,
) -> None:
    """Mail a customer's contact, or have `assignee` call him where he has no mail address (`both`: call him as well).

    Raises Refused where he has neither address nor phone.
    """
    phone = contact.mobile or contact.phone
    if not (contact.email or phone):
        raise Refused(
            "unreachable",
            _("%(contact)s has neither mail address nor phone.") % {"contact": contact},
            _("Add one to the contact."),
        )
    if contact.email:
        mail(contact=contact, template=template, about=about, context=context, key=key)
    if phone and (both or not contact.email):
        call(
            assignee=assignee,
            template=template,
            about=about,
            context=context,
            key=key,
            contact_name=contact.name,
            phone=phone,
            language=contact.language,
        )


def withdraw(about: models.Model, *, template: str = "") -> int:
    """Take back what was not sent or called yet about `about` (only of one `template`, if given); answers how many."""
    kind = ContentType.objects.get_for_model(about).pk
    return WITHDRAW_ONE(kind, about.pk, template) if template else WITHDRAW(kind, about.pk)


def withdraw_all(rows: models.QuerySet, *, template: str) -> int:
    """Take back what was not sent or called yet of one `template` about any of these records; answers how many."""
    kind = ContentType.objects.get_for_model(rows.model)
    about = NOT_SENT.filter(subject_type=kind, template=template, subject_pk__in=rows.order_by().values("pk"))
    return about.update(**TAKEN_BACK)


def again(message: Message, at: datetime) -> Message:
    """A new call task with the text of `message`, for the same person at another time."""
    row = Message(
        channel=Channel.CALL,
        status=Status.OPEN,
        recipient=message.recipient,
        language=message.language,
        contact_name=message.contact_name,
        phone=message.phone,
        next_at=at,
        customer_id=message.customer_id,
        subject_type=message.subject_type,
        subject_pk=message.subject_pk,
        path=message.path,
    )
    row.texts = message.texts
    return _insert(row, message.template, key=f"call:again:{message.pk}", cause=None)


def _mail(*, language: str, email: str, contact_name: str, recipient: User | None = None) -> Message:
    """A mail that waits to be sent; in test mode it is kept, and nothing leaves."""
    return Message(
        channel=Channel.MAIL,
        status=Status.SUPPRESSED if settings.OUTBOX_TEST_MODE else Status.QUEUED,
        next_at=None if settings.OUTBOX_TEST_MODE else clock.now(),
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.CRM_URL).hostname}>",
        language=language,
        email=email,
        contact_name=contact_name,
        recipient=recipient,
    )


def _send(row: Message, template: str, texts: dict[str, Any], *, about: Any, key: str, cause: int | None) -> Message:
    """Write a mail, and have it sent after commit."""
    kept = _write(row, template, texts, about=about, key=f"mail:{key}", cause=cause)
    if kept.message_id == row.message_id and kept.status == Status.QUEUED:
        transaction.on_commit(partial(wake, kept.pk))
    return kept


def _write(row: Message, template: str, texts: dict[str, Any], *, about: Any, key: str, cause: int | None) -> Message:
    row.texts = json.dumps(texts, ensure_ascii=False)
    if about is not None:
        row.subject_type, row.subject_pk = ContentType.objects.get_for_model(about), about.pk
        row.customer_id = customer_of(about)
        row.path = _path_of(about)
    return _insert(row, template, key=key, cause=cause)


def _insert(row: Message, template: str, *, key: str, cause: int | None) -> Message:
    """Write the row unless its key is there already; a twin that is not committed yet is waited for."""
    row.template, row.key, row.queued_at = template, key, clock.now()
    row.cause_id = cause if cause is not None else via.cause()
    return row if insert_keyed([row], or_nothing=True) else Message.objects.get(key=key)


def _path_of(about: Any) -> str:
    return about.get_absolute_url() if hasattr(about, "get_absolute_url") else ""


def _address_of(about: Any) -> str:
    path = _path_of(about)
    return f"{settings.CRM_URL}{path}" if path else ""


def _as_mail(text: dict[str, str], url: str, language: str) -> dict[str, dict[str, str]]:
    """A notice as a mail: the same words, and where to look."""
    body = f"{text['body']}\n\n{url}".strip()
    return {language: {"subject": text["subject"], "body": body, "html": html_of(text["subject"], body, language)}}
