"""What sales says to a disputed line: the amount is adjusted, by approval where it is much, or it is explained."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import BY_MANAGER, Approval
from crm.approvals.facts import Fact
from crm.refusals import Refused
from crm.words import money
from pickup.settlement import forms
from pickup.settlement.actions.stating import changed_since, next_version
from pickup.settlement.models import Statement, StatementLine
from pickup.settlement.stating import tax_in

S = Statement.Status
SMALL, LARGE = "small", "large"
SMALL_UP_TO = Decimal("100.00")  # a difference up to this needs nobody, where no chain of an administrator says so
ZERO = Decimal(0)


def cost_now(line: StatementLine) -> tuple[Decimal, Decimal]:
    """What a line costs with the adjustments that it has had, and the tax in it."""
    adjusted = StatementLine.objects.filter(statement=line.statement_id, adjusts=line.position)
    sums = adjusted.aggregate(whole=Sum("amount"), taxed=Sum("tax"))
    return line.amount + (sums["whole"] or ZERO), line.tax + (sums["taxed"] or ZERO)


def _checked(statement: Statement, line: StatementLine, amount: Decimal) -> tuple[Decimal, Decimal]:
    """What the line costs now, and the tax in it, where it can be adjusted so. Raises Refused."""
    if line.statement_id != statement.pk or line.is_amount:
        raise Refused("other_line", _("This line belongs to another version of the statement."))
    before, tax = cost_now(line)
    if amount == before:
        raise Refused("no_difference", _("The line costs %(amount)s already.") % {"amount": money(before)})
    if amount and before and (amount < 0) != (before < 0):
        raise Refused("other_side", _("A line that is to be paid cannot become one that is given back."))
    return before, tax


def _difference(inputs: dict[str, Any]) -> Decimal:
    return inputs["amount"] - cost_now(inputs["line"])[0]


def _kind(statement: Statement, inputs: dict[str, Any]) -> str:
    return SMALL if abs(_difference(inputs)) <= SMALL_UP_TO else LARGE


def adjustment_facts(statement: Statement, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is decided: whose statement, which line, its amount before and after, and why."""
    before, _tax = _checked(statement, inputs["line"], inputs["amount"])
    line = statement.lines.select_related("product").get(pk=inputs["line"].pk)  # with what is said to it by now
    yield Fact("statement", gettext_lazy("Statement of account"), statement.number)
    yield Fact("customer", gettext_lazy("Customer"), statement.order.customer)
    yield Fact(
        "line",
        gettext_lazy("Line"),
        format_lazy("{position}. {source} {product}", position=line.position, source=line.source, product=line.product),
    )
    yield Fact("before", gettext_lazy("Amount until now"), before, "money")
    yield Fact("after", gettext_lazy("Amount from now on"), inputs["amount"], "money")
    yield Fact("his", gettext_lazy("What the customer says"), line.his_words)
    yield Fact("reason", gettext_lazy("Reason"), inputs["reason"])


@action(
    Statement,
    label=gettext_lazy("Adjust a line"),
    source={S.DRAFT, S.DISPUTED, S.REOPENED},
    target=S.REPLACED,
    form=forms.AdjustForm,
    unless=changed_since,
    approval=Approval(
        facts=adjustment_facts,
        amount=lambda statement, inputs: abs(_difference(inputs)),
        kind=_kind,
        kinds={SMALL: gettext_lazy("Small difference"), LARGE: gettext_lazy("Large difference")},
        defaults={SMALL: (), LARGE: BY_MANAGER},
        label=gettext_lazy("Adjust a line"),
    ),
)
def adjust_statement(statement: Statement, *, by: User, line: StatementLine, amount: Decimal, reason: str) -> Statement:
    """Let a line cost what was agreed with the customer, by a line of its own in a new version (KC 5.1.11.5)."""
    before, tax_before = _checked(statement, line, amount)
    adjustment = {
        **{name: getattr(line, name) for name in ("line_id", "product_id", "specification", "unit_id", "tax_rate")},
        "day": clock.today(),
        "source": line.source,
        "adjusts": line.position,
        "amount": amount - before,
        "tax": tax_in(amount, line.tax_rate) - tax_before,
        "reason": reason,
    }
    new = next_version(statement, by=by, why=reason, more=[adjustment])
    disputed = new.lines.filter(position=line.position, answer=StatementLine.Answer.DIFFERS)
    disputed.update(reply=reason, replied_by=by)
    return new


def _nothing_to_explain(statement: Statement, by: User) -> Refused | None:
    if statement.lines.filter(answer=StatementLine.Answer.DIFFERS, reply="").exists():
        return None
    return Refused("nothing_to_explain", _("No line is disputed that was not answered."), _("Send the statement."))


@action(
    Statement,
    label=gettext_lazy("Explain disputed lines"),
    source={S.DRAFT, S.DISPUTED, S.REOPENED},
    form=forms.ExplainForm,
    unless=_nothing_to_explain,
)
def explain_differences(statement: Statement, *, by: User, lines: list[dict[str, Any]]) -> None:
    """Answer lines that the customer disputes and that stay as they are; he is asked again (KC 5.1.11.5)."""
    positions = [each["position"] for each in lines]
    if twice := next((each for each in positions if positions.count(each) > 1), None):
        raise Refused("line_twice", _("Line %(line)s is named twice.") % {"line": twice}, _("Leave one answer to it."))
    open_ = {row.position: row for row in statement.lines.filter(answer=StatementLine.Answer.DIFFERS, reply="")}
    for each in lines:
        row = open_.get(each["position"])
        if row is None:
            raise Refused(
                "not_disputed", _("Line %(line)s is not disputed, or answered already.") % {"line": each["position"]}
            )
        row.reply, row.replied_by = each["reply"], by
        row.save(update_fields=["reply", "replied_by"])
