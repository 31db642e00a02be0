"""The customer's pages: where his sample is and his word about it; a quotation to read, print and answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact, money, quantity
from orders.quotations.models import LINK_PURPOSE, SAMPLE_LINK, Quotation, QuotationVersion, Sample
from orders.quotations.prints import sheet_of

S, A = Quotation.Status, Sample.Status

QUOTED = {  # in the customer's words, who knows nothing of drafts
    S.DRAFT: _("We are preparing a new version of this quotation for you."),
    S.SENT: _("This quotation waits for your answer."),
    S.WISHES: _("We have your wishes and are preparing a new version of this quotation."),
    S.ACCEPTED: _("You have accepted this quotation."),
    S.DECLINED: _("You have declined this quotation."),
    S.EXPIRED: _("This quotation is not valid any more. Please call us if you would like a new one."),
    S.WITHDRAWN: _("We have withdrawn this quotation."),
}
SAMPLED = {
    A.REQUESTED: _("We have your request for a sample."),
    A.MAKING: _("Your sample is being made."),
    A.MADE: _("Your sample is made and will be sent to you."),
    A.SENT: _("Your sample is on its way to you."),
    A.RECEIVED: _("You have your sample. Please approve it, or tell us what should be different."),
    A.APPROVED: _("You have approved this sample."),
    A.DECLINED: _("We have your wishes and will make the sample anew."),
    A.CANCELLED: _("This sample is not being made any more."),
}


SAID = (A.SENT, A.APPROVED, A.DECLINED)  # where nothing else on the page says how it stands


def state_of(quotation: Quotation) -> Any:
    """Where the quotation stands, in one sentence to the customer."""
    return QUOTED[S(quotation.status)]


def facts(quotation: Quotation, link: Link) -> list[tuple[Any, Any]]:
    """What he decides on, down to each line; the whole quotation to print stands below."""
    return facts_of(quotation, quotation.current)


def facts_of(quotation: Quotation, version: QuotationVersion) -> list[tuple[Any, Any]]:
    """What one version says."""
    rows: list[tuple[Any, Any]] = [
        (_("quotation number"), str(version)),
        (_("valid until"), exact(version.valid_until)),
    ]
    for line in version.lines.select_related("product", "unit").order_by("position"):
        text = f"{quantity(line.quantity, str(line.unit))} × {money(line.price)} = {money(line.amount)}"
        goods = " · ".join(filter(None, [f"{line.position}. {line.product}", line.specification]))
        rows.append((goods, text))
    rows += [
        (_("total with tax"), money(version.total)),
        (_("tax in it"), money(version.tax)),
        (_("payment terms"), version.get_payment_terms_display()),
    ]
    if version.payment_days:
        rows.append((_("days to pay"), str(version.payment_days)))
    extras = ((_("payment in words"), version.payment), (_("delivery time"), version.delivery))
    return rows + [(label, text) for label, text in (*extras, (_("remarks"), version.remarks)) if text]


def context(quotation: Quotation, link: Link) -> dict[str, Any]:
    """The quotation as it is printed, as long as it is his to answer."""
    return {"paper": sheet_of(quotation, quotation.current)} if quotation.status == S.SENT else {}


def receipt(quotation: Quotation, link: Link) -> list[tuple[Any, Any]]:
    """What he answered, to which version, and what it said."""
    found: QuotationVersion | None = (
        quotation.versions.filter(answered_at__isnull=False, answered_at__lte=link.used_at).last()
        if link.used_at
        else None
    )
    if found is None:
        return [(_("quotation number"), quotation.number)]
    words = ((_("signed by"), found.signed_by), (_("your words"), found.answer))
    return [*facts_of(quotation, found), *((label, text) for label, text in words if text)]


LinkPage(
    LINK_PURPOSE,
    title=_("Our quotation"),
    lead=_("Check goods, prices and conditions. Accept it with your name, or tell us what should be different."),
    verbs=("quotations.accept_quotation", "quotations.ask_quotation_changes", "quotations.decline_quotation"),
    facts=facts,
    context=context,
    buttons={
        "quotations.accept_quotation": _("Accept the quotation"),
        "quotations.ask_quotation_changes": _("Ask for changes"),
        "quotations.decline_quotation": _("Decline"),
    },
    template="links/quotation.html",
    receipt=receipt,
    state=state_of,
)


def state_of_sample(sample: Sample) -> Any:
    """Where the sample stands, in one sentence to the customer."""
    return SAMPLED[A(sample.status)]


def sample_facts(sample: Sample, link: Link) -> list[tuple[Any, Any]]:
    """How far it is, what it is, and how it comes to him; what he approves is the round that is named."""
    rows: list[tuple[Any, Any]] = [(_("sample number"), sample.number)]
    if sample.status in SAID:
        rows.append((_("state"), state_of_sample(sample)))
    if sample.round > 1:
        rows.append((_("round"), str(sample.round)))
    for line in sample.lines.select_related("product", "unit").order_by("position"):
        text = " · ".join(filter(None, [line.specification, quantity(line.quantity, str(line.unit or ""))]))
        rows.append((f"{line.position}. {line.goods}", text))
    made = sample.rounds.filter(number=sample.round).first()
    if sample.progress and sample.status in Sample.OURS:
        rows.append((_("progress"), sample.progress))
    if sample.expected_on and made is None:
        rows.append((_("expected completion"), exact(sample.expected_on)))
    if made is not None:
        found = (
            (_("batch"), made.batch),
            (_("what exactly was made"), made.specification),
            (_("carrier"), made.carrier),
            (_("tracking number"), made.tracking),
            (_("sent on"), exact(made.sent_on) if made.sent_on else ""),
            (_("arrived on"), exact(made.received_on) if made.received_on else ""),
            (_("signed by"), made.signed_by),
            (_("what is to be changed"), made.changes),
        )
        rows += [(label, text) for label, text in found if text]
    return rows


LinkPage(
    SAMPLE_LINK,
    title=_("Your sample"),
    lead=_("Look at the sample when it is with you. Approve it with your name, or tell us what should be different."),
    verbs=("quotations.receive_sample", "quotations.approve_sample", "quotations.decline_sample"),
    facts=sample_facts,
    buttons={
        "quotations.receive_sample": _("I have received it"),
        "quotations.approve_sample": _("Approve the sample"),
        "quotations.decline_sample": _("Not yet: tell us what to change"),
    },
    single_use=False,
    state=state_of_sample,
)
