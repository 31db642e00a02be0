"""Proposed tiers, and how tiers have changed; declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from customers.tiers.filters import ProposalFilter, TierChangeFilter
from customers.tiers.models import Proposal, TierChange

S = Proposal.Status

PROPOSALS = Listing(
    "tier-proposals",
    Proposal,
    _("Proposed tiers"),
    [
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("before", _("Tier now"), kind="choice"),
        Column("tier", _("Proposed tier"), kind="choice"),
        Column("total", _("Of a hundred"), kind="quantity", sortable=True),
        Column("status", _("State"), kind="status"),
        Column("owner", _("Owner"), source="customer__owner__name", kind="name"),
        Column("proposed_at", _("Proposed at"), kind="datetime"),
        Column("decided", _("Decided tier"), kind="choice"),
        Column("decided_by", _("Decided by"), source="decided_by__name", kind="name", shown=False),
        Column("decided_at", _("Decided on"), kind="datetime", shown=False),
        Column("reason", _("Reason"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    ProposalFilter,
    tabs=[
        View("open", _("To be decided"), lambda user: Q(status=S.OPEN), asks="tiers.accept_proposal"),
        View("mine", _("My customers"), lambda user: Q(status=S.OPEN, customer__owner=user)),
    ],
    bulk=["tiers.accept_proposal", "tiers.override_proposal"],
    empty=_("Nothing is proposed. Tiers are worked out each month, and on a customer's page at any time."),
)

CHANGES = Listing(
    "tier-changes",
    TierChange,
    _("Changes of tiers"),
    [
        Column("at", _("When"), kind="datetime", sortable=True),
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("before", _("Tier before"), kind="choice"),
        Column("after", _("Tier after"), kind="choice"),
        Column("by", _("By"), source="by__name", kind="name"),
        Column("reason", _("Reason")),
        Column("total", _("Of a hundred"), source="proposal__total", kind="quantity"),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    TierChangeFilter,
    order="-at",
    empty=_("No tier was changed yet."),
)
