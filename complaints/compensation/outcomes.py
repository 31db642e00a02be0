"""How compensation, discount and replacement are carried out, and when it is not our fault (KC 5.2.3)."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.compensation.actions.agreeing import drop_agreement
from complaints.compensation.actions.replacing import replacement_of
from complaints.compensation.models import Agreement, Discount
from complaints.compensation.people import sealers, signers
from complaints.compensation.telling import Step, tell
from complaints.compensation.texts import text_of
from complaints.models import Complaint, Finding, Plan
from complaints.outcomes import Handling, carries_out
from complaints.telling import let_see
from crm.accounts.models import User
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.actions import canceller, grant_allowance, reverse_allowance
from orders.actions.allowances import more_than_due, not_to_be_reduced
from orders.contracts.models import Contract
from orders.exposure import HAD

A = Agreement.Status


def _nothing(plan: Plan, by: User) -> None:
    """Nothing begins, and nothing stops."""


def _nothing_missing(plan: Plan) -> Refused | None:
    return None


def _always(complaint: Complaint) -> Refused | None:
    return None


def _without_order() -> Refused:
    return Refused(
        "no_order",
        _("This complaint names no order from whose price an amount could be taken off."),
        _("Choose another outcome, or compensate in goods and say so in words."),
    )


def _too_much(plan: Plan) -> Refused | None:
    """Why the plan's amount cannot be taken off: there is no order, it was given up, or it does not cost so much."""
    order = plan.complaint.order
    if order is None:
        return _without_order()
    assert plan.amount is not None
    order.refresh_from_db()
    return not_to_be_reduced(order) or more_than_due(order, plan.amount)


# Compensation: a supplementary agreement, signed and sealed by both before it acts.


def _compensation_fits(plan: Plan) -> Refused | None:
    return _too_much(plan) if plan.amount else None


def live_agreement(plan: Plan) -> Agreement | None:
    """The plan's agreement that was not withdrawn, or None."""
    return plan.agreements.exclude(status=A.DROPPED).order_by("-pk").first()


def _draw_up(plan: Plan, by: User) -> None:
    """Write the agreement that the approved plan promises; whoever signs and seals it is told, and sees it."""
    if refused := _compensation_fits(plan):
        raise refused
    complaint = plan.complaint
    contract = Contract.objects.filter(order=complaint.order_id, status__in=Contract.BINDING).first()
    agreement = Agreement.objects.create(
        number=next_number("BC"),
        complaint=complaint,
        plan=plan,
        order=complaint.order,
        contract=contract if complaint.order_id else None,
        amount=plan.amount or None,
        text=text_of(plan, contract if complaint.order_id else None),
        seller=settings.COMPANY_NAME,
        buyer=complaint.customer.name,
    )
    people = signers(complaint)
    let_see(complaint, users=[*people, *sealers(complaint)])
    tell(complaint, Step.SIGN, people, by=by, paper=agreement.number, key=str(agreement.pk))


def _agreement_missing(plan: Plan) -> Refused | None:
    agreement = live_agreement(plan)
    if agreement is not None and agreement.in_force_at is not None:
        return None
    return Refused(
        "not_in_force",
        _("The supplementary agreement is not signed and sealed by both yet."),
        _("Sign and seal it, send it to the customer, and enter his signed copy."),
    )


def _withdraw(plan: Plan, by: User) -> None:
    agreement = live_agreement(plan)
    if agreement is None:
        return
    if agreement.in_force_at is not None:
        raise Refused(
            "in_force",
            _("Agreement %(number)s is in force; both have signed it.") % {"number": agreement},
            _("Carry the measures out; what else the customer wants is agreed on in the next round."),
        )
    drop_agreement(agreement, by=User.objects.system("complaints"))


# Discount: taken off as soon as the plan is approved, for the customer has agreed to the plan.


def _discount_unfit(complaint: Complaint) -> Refused | None:
    return _without_order() if complaint.order is None else not_to_be_reduced(complaint.order)


def _discount_fits(plan: Plan) -> Refused | None:
    if not plan.amount:
        return Refused(
            "no_amount", _("It is not said how much is taken off."), _("Enter the amount, or how many percent.")
        )
    return _too_much(plan)


def live_discount(plan: Plan) -> Discount | None:
    """The plan's discount that was not taken back, or None."""
    return plan.discounts.filter(allowance__reversal=None).select_related("allowance").first()


def _take_off(plan: Plan, by: User) -> None:
    if refused := _discount_fits(plan):
        raise refused
    complaint = plan.complaint
    order = complaint.order
    assert order is not None and plan.amount is not None  # it fits
    due = order.due
    with override(settings.LANGUAGE_CODE):  # the reason is kept, and read by others than who acts
        reason = _("Discount after complaint %(number)s") % {"number": complaint}
    allowance = grant_allowance(
        order,
        by=User.objects.system("complaints"),
        amount=plan.amount,
        reason=reason,
        reference=complaint.number,
        agreed_by=complaint.contact.name if complaint.contact else "",
        agreed_on=timezone.localtime(plan.agreed_at).date() if plan.agreed_at else None,
    )
    Discount.objects.create(complaint=complaint, plan=plan, allowance=allowance, due_before=due)


def _discount_missing(plan: Plan) -> Refused | None:
    if live_discount(plan) is not None:
        return None
    return Refused("no_discount", _("The discount is not taken off yet."), _("Approve the plan."))


def _charge_again(plan: Plan, by: User) -> None:
    discount = live_discount(plan)
    if discount is not None:
        with override(settings.LANGUAGE_CODE):
            reason = _("The plan of complaint %(number)s is changed") % {"number": plan.complaint}
        reverse_allowance(discount.allowance, by=User.objects.system("complaints"), reason=reason)


# Replacement: an order at no price, carried out once its goods are handed over.


def _nothing_to_replace(complaint: Complaint) -> Refused | None:
    if complaint.order_id is not None or (complaint.product_id is not None and complaint.quantity):
        return None
    return Refused(
        "nothing_to_replace",
        _("This complaint names neither an order nor a product with its quantity that could be replaced."),
        _("Choose another outcome."),
    )


def _have_it_ordered(plan: Plan, by: User) -> None:
    complaint = plan.complaint
    tell(complaint, Step.REPLACE, [complaint.owner], by=by, paper="", key=f"{plan.pk}-{plan.version}")


def _replacement_missing(plan: Plan) -> Refused | None:
    found = replacement_of(plan)
    if found is None:
        if last := plan.replacements.select_related("order").last():
            return Refused(
                "replacement_cancelled",
                _("Replacement order %(number)s was cancelled.") % {"number": last.order},
                _("Make another one, or change the plan."),
            )
        return Refused("no_replacement", _("The replacement order is not made yet."), _("Make it."))
    if found.order.status in HAD:
        return None
    return Refused(
        "not_replaced",
        _("The goods of replacement order %(number)s are not handed over yet.") % {"number": found.order},
        _("The complaint goes on by itself once they are."),
    )


def _cancel_replacement(plan: Plan, by: User) -> None:
    found = replacement_of(plan)
    if found is None:
        return
    order = found.order
    if order.status in HAD or order.lines.filter(collected__gt=0).exists():
        raise Refused(
            "replaced",
            _("Goods of replacement order %(number)s were handed over already.") % {"number": order},
            _("Carry the measures out; what else the customer wants is agreed on in the next round."),
        )
    with override(settings.LANGUAGE_CODE):
        reason = _("The plan of complaint %(number)s is changed") % {"number": plan.complaint}
    canceller(order)(order, by=User.objects.system("complaints"), reason=reason)


# Not our fault: nothing is carried out, and the contract runs on as it stands.


def _our_fault(complaint: Complaint) -> Refused | None:
    finding = complaint.findings.filter(round=complaint.round).first()
    if finding is None or finding.fault not in (Finding.Fault.OURS, Finding.Fault.SHARED):
        return None
    return Refused(
        "our_fault",
        _("The signed finding says that it is our fault, or partly ours."),
        _("Choose another outcome."),
    )


carries_out(
    Plan.Outcome.COMPENSATION, Handling(_always, _draw_up, _agreement_missing, _withdraw, suits=_compensation_fits)
)
carries_out(
    Plan.Outcome.DISCOUNT, Handling(_discount_unfit, _take_off, _discount_missing, _charge_again, suits=_discount_fits)
)
carries_out(
    Plan.Outcome.REPLACEMENT, Handling(_nothing_to_replace, _have_it_ordered, _replacement_missing, _cancel_replacement)
)
carries_out(Plan.Outcome.NO_FAULT, Handling(_our_fault, _nothing, _nothing_missing, _nothing))
