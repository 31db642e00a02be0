"""The pages on which a customer confirms or disputes a statement, and takes the file of an invoice."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.records.models import Attachment
from crm.words import exact, money
from pickup.settlement.actions.invoicing import FILE
from pickup.settlement.actions.invoicing import LINK_PURPOSE as INVOICE_PURPOSE
from pickup.settlement.models import LINK_PURPOSE, InvoiceMemo, Statement, StatementLine

S = Statement.Status
IN_WORDS = {  # of the customer, who knows nothing of memos and versions
    S.DRAFT: _("We are revising this statement and will send it to you anew."),
    S.DISPUTED: _("You told us what differs; we look into it and will answer you."),
    S.REOPENED: _("This statement is to be agreed on again; we will send it to you anew."),
    S.RECONCILED: _("This statement is confirmed."),
    S.INVOICED: _("This statement is confirmed and invoiced."),
    S.REPLACED: _("This statement was changed since. A new version takes its place."),
    S.OFFSET: _("All of these goods came back before they were invoiced. Nothing is to be paid for them."),
}


def state_of(statement: Statement) -> Any:
    """Where the statement stands, in one sentence to the customer."""
    return IN_WORDS.get(S(statement.status), "")


def facts(statement: Statement, link: Link) -> list[tuple[Any, Any]]:
    """What he confirms, in short; the lines stand below."""
    return [
        (_("statement number"), statement.number),
        (_("order number"), statement.order.number),
        (_("supplier"), settings.COMPANY_NAME),
        (_("total with tax"), money(statement.total)),
        (_("tax in it"), money(statement.tax)),
    ]


def context(statement: Statement, link: Link) -> dict[str, Any]:
    """The lines as they stand, for whoever has nothing left to do."""
    return {"lines": list(statement.lines.select_related("product", "unit").order_by("position"))}


def receipt(statement: Statement, link: Link) -> list[tuple[Any, Any]]:
    """What he said, and that it has arrived."""
    rows: list[tuple[Any, Any]] = [
        (_("statement number"), statement.number),
        (_("total with tax"), money(statement.total)),
        (_("signed by"), statement.answered_by),
        (_("state"), state_of(statement)),
    ]
    for line in statement.lines.filter(answer=StatementLine.Answer.DIFFERS).order_by("position"):
        rows.append((f"{line.position}. {line.source}", line.his_words))
    return rows


LinkPage(
    LINK_PURPOSE,
    title=_("Your statement"),
    lead=_("Please check each line. Where one differs, open it and say what you have; then sign with your name."),
    verbs=("settlement.answer_statement",),
    facts=facts,
    context=context,
    buttons={"settlement.answer_statement": _("Sign and send")},
    template="links/statement.html",
    receipt=receipt,
    state=state_of,
)


def invoice_facts(memo: InvoiceMemo, link: Link) -> list[tuple[Any, Any]]:
    """What the invoice is over."""
    return [
        (_("invoice number"), ", ".join(each.number for each in memo.issued.all())),
        (_("order number"), memo.order.number),
        (_("invoice title"), memo.title),
        (_("total with tax"), money(memo.total)),
        (_("issued on"), exact(memo.issued_on) if memo.issued_on else ""),
    ]


def invoice_files(memo: InvoiceMemo, link: Link) -> list[Attachment]:
    """The files of the invoice."""
    return list(Attachment.objects.about(memo).filter(kind=FILE).order_by("pk"))


LinkPage(
    INVOICE_PURPOSE,
    title=_("Your invoice"),
    facts=invoice_facts,
    files=invoice_files,
    single_use=False,
)
