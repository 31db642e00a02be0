"""A questionnaire is written as a draft, released or discarded, and never changed afterwards (KC 5.3.1)."""

from itertools import count
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused
from satisfaction import forms
from satisfaction.models import Edition, Item, Questionnaire, Wording

S = Edition.Status


@action(None, label=gettext_lazy("New questionnaire"), form=forms.QuestionnaireForm)
def create_questionnaire(*, by: User, code: str, name: str, name_en: str) -> Questionnaire:
    """Make a questionnaire with an empty draft, whose items are written next (KC 5.3.1.1)."""
    made = Questionnaire.objects.create(code=code, name=name, name_en=name_en)
    Edition.objects.create(questionnaire=made, number=1, made_by=by)
    return made


def _has_a_draft(questionnaire: Questionnaire, by: User) -> Refused | None:
    if not questionnaire.editions.filter(status=S.DRAFT).exists():
        return None
    return Refused("draft_there", _("There is a draft already."), _("Write and release it, then begin the next."))


@action(Questionnaire, label=gettext_lazy("Begin a new edition"), unless=_has_a_draft)
def draft_edition(questionnaire: Questionnaire, *, by: User) -> Edition:
    """Begin the next edition as a draft with the items of the latest one that counts (KC 5.3.1.1)."""
    latest = questionnaire.editions.exclude(status=S.DISCARDED).order_by("-number").first()
    number = (questionnaire.editions.aggregate(most=Max("number"))["most"] or 0) + 1
    draft = Edition.objects.create(questionnaire=questionnaire, number=number, made_by=by)
    for each in latest.wordings.order_by("position") if latest is not None else ():
        each.pk, each.edition = None, draft
        each.save(force_insert=True)
    return draft


@action(Edition, label=gettext_lazy("Write the items"), source={S.DRAFT}, form=forms.ItemsForm)
def write_items(edition: Edition, *, by: User, items: list[dict[str, Any]]) -> None:
    """Write all items of the draft in their order; an item that was asked before keeps its code (KC 5.3.1.1).

    A new one without a code is given that of its section with the next number that no item of the questionnaire has.
    """
    known = {each.code: each for each in edition.questionnaire.items.all()}
    taken = known.keys() | {line.get("code") for line in items}
    edition.wordings.all().delete()
    rows = []
    for position, line in enumerate(items, 1):
        code = line.get("code") or next(
            f"{line['section']}-{n}" for n in count(1) if f"{line['section']}-{n}" not in taken
        )
        taken |= {code}
        item = known.get(code) or Item.objects.create(questionnaire=edition.questionnaire, code=code)
        words = {name: line[name] for name in ("section", "text", "text_en")}
        rows.append(Wording(edition=edition, item=item, position=position, **words))
    Wording.objects.bulk_create(rows)


def _is_empty(edition: Edition, by: User) -> Refused | None:
    if edition.wordings.exists():
        return None
    return Refused("no_items", _("It has no items yet."), _("Write the items first."))


@action(Edition, label=gettext_lazy("Release"), source={S.DRAFT}, target=S.RELEASED, unless=_is_empty)
def release_edition(edition: Edition, *, by: User) -> None:
    """Release the draft: from now on campaigns ask with it, and it never changes; the former one is retired (S1)."""
    former = Edition.objects.filter(questionnaire=edition.questionnaire_id, status=S.RELEASED).first()
    if former is not None:
        retire_edition(former, by=by)
    edition.released_by, edition.released_at = by, clock.now()


@action(Edition, label=gettext_lazy("Discard the draft"), source={S.DRAFT}, target=S.DISCARDED)
def discard_edition(edition: Edition, *, by: User) -> None:
    """Give a draft up: it can be read, but no survey asks with it; its number stays taken, the next one is free."""


@action(Edition, label=gettext_lazy("Retire"), source={S.RELEASED}, target=S.RETIRED)
def retire_edition(edition: Edition, *, by: User) -> None:
    """Let no further campaign ask with this edition; those that run go on with it (S1)."""
