"""The customer confirms a statement or disputes it line by line, under his link or on paper (KC 5.1.11.5)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_customer
from pickup.settlement import forms
from pickup.settlement.actions.stating import changed_since, settle_if_done
from pickup.settlement.models import LINK_PURPOSE, Statement, StatementLine

S = Statement.Status
SIGNED = "signed"  # the kind of an attachment that is the signed statement
Answer = StatementLine.Answer


KEPT = ["answer", "his_quantity", "his_amount", "his_words", "reply", "replied_by"]


def _answer(statement: Statement, lines: list[dict[str, Any]], name: str, through: str, signed_on: date) -> str:
    """Keep what he says to each line; answers the state that follows, and tells the owner."""
    said = {each["position"]: each for each in lines}
    rows = list(statement.lines.all())
    for row in rows:
        given = said.get(row.position)
        row.answer = Answer.DIFFERS if given else Answer.AGREED
        row.his_quantity, row.his_amount = (given.get("quantity"), given.get("amount")) if given else (None, None)
        row.his_words = given["words"] if given else ""
        if given:
            row.reply, row.replied_by = "", None
    StatementLine.objects.bulk_update(rows, KEPT)
    statement.signed_on, statement.answered_at, statement.answered_by, statement.answered_through = (
        signed_on,
        clock.now(),
        name,
        through,
    )
    if statement.owner:
        queue.notify(
            statement.owner,
            "settlement.answered",
            about=statement,
            context={
                "number": statement.number,
                "customer": statement.order.customer.name,
                "name": name,
                "disputed": len(said),
            },
            key=f"statement-answered-{statement.pk}-{statement.version}",
        )
    if said:
        return S.DISPUTED
    statement.reconciled_at, statement.status = clock.now(), S.RECONCILED
    statement.save()
    settle_if_done(statement.order_id)
    return S.RECONCILED


def _his_word(statement: Statement, by: User) -> Refused | None:
    return only_the_customer(statement, by) or changed_since(statement, by)


@action(
    Statement,
    label=gettext_lazy("Confirm the statement"),
    source={S.SENT},
    target={S.RECONCILED, S.DISPUTED},
    form=forms.AnswerForm,
    unless=_his_word,
)
def answer_statement(statement: Statement, *, by: User, name: str, lines: list[dict[str, Any]] | None = None) -> str:
    """Take what the customer says to each line under his link: he agrees, or it differs (KC 5.1.11.5)."""
    return _answer(statement, lines or [], name, Statement.Through.LINK, clock.today())


@action(
    Statement,
    label=gettext_lazy("Enter the signed statement"),
    source=set(Statement.OPEN),
    target={S.RECONCILED, S.DISPUTED},
    form=forms.PaperAnswerForm,
    unless=changed_since,
)
def record_answer(
    statement: Statement,
    *,
    by: User,
    name: str,
    paper: Any,
    signed_on: date | None = None,
    lines: list[dict[str, Any]] | None = None,
) -> str:
    """Enter what stands on the paper that the customer signed, with its scan (KC 5.1.11.5)."""
    attach(statement, paper, by=by, kind=SIGNED)
    end_links(statement, LINK_PURPOSE)
    return _answer(statement, lines or [], name, Statement.Through.PAPER, signed_on or clock.today())
