"""The contract list (合同清单), which generates itself, and the lists beside it; for page, REST and export."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.listing import Column, Listing, View
from orders.contracts.filters import ContractFilter, RequirementFilter, ShipmentFilter, SupplementFilter
from orders.contracts.models import Contract, Requirement, ShipmentRequest, Supplement

S, Q_S, R = Contract.Status, Requirement.Status, ShipmentRequest.Status


class ContractListing(Listing):
    """Contracts with what is executed and open of each."""

    def rows(self, user: User) -> Any:
        rows: Any = super().rows(user)
        return rows.with_progress()


CONTRACTS = ContractListing(
    "contracts",
    Contract,
    _("Contracts"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("kind", _("Class"), kind="choice", shown=False),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("delivery_on", _("Contract date"), kind="date"),
        Column("quantity", _("Contracted"), kind="quantity"),
        Column("executed", _("Executed"), kind="quantity"),
        Column("open", _("Not executed yet"), kind="quantity"),
        Column("total", _("Total with tax"), kind="money", sortable=True),
        Column("executed_amount", _("Amount executed"), kind="money", shown=False),
        Column("open_amount", _("Amount open"), kind="money", shown=False),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("signed_on", _("Signed on"), kind="date", shown=False),
        Column("order", _("Order"), source="order__number", kind="code", shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("accepted_at", _("Accepted verbally"), kind="datetime", sortable=True, shown=False),
        Column("made_at", _("Made"), kind="datetime", shown=False),
        Column("sent_at", _("Sent"), kind="datetime", shown=False),
        Column("returned_at", _("Signed copy returned"), kind="datetime", shown=False),
        Column("archived_at", _("Filed"), kind="datetime", shown=False),
        Column("executed_at", _("Executed at"), kind="datetime", shown=False),
        Column("archive_place", _("Filed at"), shown=False),
        Column("payment_terms", _("Payment terms"), kind="choice", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
    ],
    ContractFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user) & ~Q(status__in=[S.EXECUTED, S.CANCELLED])),
        View("classify", _("To be classified"), lambda user: Q(status=S.ACCEPTED), asks="contracts.classify_contract"),
        View("form", _("Form to be filled in"), lambda user: Q(status__in=[S.CLASSIFIED, S.FILLED], owner=user)),
        View("review", _("Being reviewed"), lambda user: Q(status=S.REVIEW)),
        View("make", _("To be made"), lambda user: Q(status=S.PASSED), asks="contracts.make_contract"),
        View("sent", _("With the customer"), lambda user: Q(status=S.SENT), asks="contracts.mark_returned"),
        View(
            "file",
            _("To be filed"),
            lambda user: Q(status__in=[*Contract.BINDING], archived_at=None),
            asks="contracts.archive_contract",
        ),
        View("force", _("In force"), lambda user: Q(status=S.IN_FORCE)),
    ],
    pages=[(_("Print the contract list"), "contracts-print", "contracts.view_contract")],
    empty=_("No contracts yet. One begins on an order, when the customer accepts verbally."),
)

REQUIREMENTS = Listing(
    "requirements",
    Requirement,
    _("Requirement records"),
    [
        Column("goods", _("Goods"), kind="code"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("batch", _("Batch of the sample")),
        Column("sent_on", _("Sample sent on"), kind="date"),
        Column("answered_on", _("Answered on"), kind="date"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("noted_at", _("Noted"), kind="datetime"),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    RequirementFilter,
    tabs=[
        View("sample", _("Sample to be sent"), lambda user: Q(status=Q_S.NOTED)),
        View("answer", _("Answer to come"), lambda user: Q(status=Q_S.SENT)),
    ],
    empty=_("No requirement records yet. They are noted on a customer or an order."),
)

SHIPMENTS = Listing(
    "shipments",
    ShipmentRequest,
    _("Requests for shipment"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("contract", _("Contract"), source="contract__number", kind="code"),
        Column("customer", _("Customer"), source="contract__customer__name"),
        Column("status", _("State"), kind="status"),
        Column("ships_on", _("Loads on"), kind="date"),
        Column("transport", _("Vehicle or ship")),
        Column("amount", _("Amount to ship"), kind="money"),
        Column("funds", _("Funds for it"), kind="money"),
        Column("by", _("Requested by"), source="by__name", kind="name"),
        Column("contract_id", _("Contract's key"), shown=False),
    ],
    ShipmentFilter,
    tabs=[
        View("asked", _("To be taken up"), lambda user: Q(status=R.REQUESTED), asks="contracts.take_up_shipment"),
        View("short", _("Wait for the money"), lambda user: Q(status=R.SHORT)),
    ],
    empty=_("No requests for shipment. One is made on the date of a contract that is in force."),
)

SUPPLEMENTS = Listing(
    "supplements",
    Supplement,
    _("Supplementary agreements"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("contract", _("Contract"), source="contract__number", kind="code"),
        Column("customer", _("Customer"), source="contract__customer__name"),
        Column("status", _("State"), kind="status"),
        Column("effective_on", _("Effective from"), kind="date"),
        Column("why", _("Reason, and initiated by whom")),
        Column("drafted_by", _("Drafted by"), source="drafted_by__name", kind="name"),
        Column("drafted_at", _("Drafted at"), kind="datetime"),
        Column("applied_at", _("Applied at"), kind="datetime"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("sent_at", _("Sent"), kind="datetime", shown=False),
        Column("returned_at", _("Signed copy returned"), kind="datetime"),
        Column("contract_id", _("Contract's key"), shown=False),
    ],
    SupplementFilter,
    tabs=[
        View("drafted", _("Drafted"), lambda user: Q(status=Supplement.Status.DRAFTED)),
        View(
            "copy",
            _("Signed copy missing"),
            lambda user: Q(status=Supplement.Status.APPLIED, returned_at=None),
            asks="contracts.return_supplement",
        ),
    ],
    empty=_("No supplementary agreements yet. One is drafted on a contract that is in force."),
)
