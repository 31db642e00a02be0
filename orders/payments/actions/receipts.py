"""Money that came in: entered, said to be whose it is, or found not to count (KC 5.1.11.9)."""

from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.records.numbers import next_number
from crm.refusals import Refused
from crm.words import money
from customers.models import Customer
from orders.models import Payment
from orders.payments import forms
from orders.payments.doubles import Money, in_turn, payment_like, receipt_like
from orders.payments.identity import identity_of
from orders.payments.models import BankAccount, Receipt
from orders.payments.payers import known_customer

R = Receipt.Status
USABLE = {R.OPEN, R.PARTLY}


def state_of(receipt: Receipt) -> str:
    """The state that follows from what is used of the receipt."""
    used = receipt.matched + receipt.refunded
    if used == receipt.amount:
        return R.MATCHED
    return R.PARTLY if used else R.OPEN


@action(None, label=gettext_lazy("Enter a receipt"), form=forms.ReceiptForm)
def enter_receipt(
    *,
    by: User,
    received_on: date,
    amount: Decimal,
    account: BankAccount | None = None,
    customer: Customer | None = None,
    method: str = Payment.Method.TRANSFER,
    payer_name: str = "",
    payer_account: str = "",
    payer_bank: str = "",
    serial: str = "",
    remark: str = "",
    balance: Decimal | None = None,
    again: bool = False,
) -> Receipt:
    """Enter money that came in, or bring in a line of the bank's file; the same line never counts twice (KC 5.1.11.9).

    Raises Refused where the same, or nearly the same, has come before, unless `again` says that it is another payment
    all the same; of a serial number of the bank there is only one.
    """
    serial = serial.strip()
    customer = customer or known_customer(payer_name, payer_account)
    in_turn(amount)
    identity = identity_of(
        account, received_on, amount, payer_name=payer_name, remark=remark, serial=serial, balance=balance
    )
    earlier = Receipt.objects.filter(identity=identity).order_by("pk").first()
    number_of_it = 0
    if earlier is not None:
        if serial:
            raise Refused(
                "came_before",
                _("Receipt %(number)s has this serial number of the bank.") % {"number": earlier},
                _("The money is there already."),
            )
        if not again:
            raise Refused(
                "came_before",
                _("Receipt %(number)s says the same: day, amount, payer and purpose.") % {"number": earlier},
                _("If it is another payment all the same, enter it and say so."),
            )
        number_of_it = Receipt.objects.filter(identity=identity).aggregate(found=Max("again"))["found"] + 1
    elif not again:
        said = Money(amount, received_on, account, customer, payer_name, payer_account, serial, balance)
        found = receipt_like(said) or (payment_like([amount], received_on, [customer]) if customer else None)
        if found is not None:
            raise found
    return Receipt.objects.create(
        number=next_number("RC"),
        received_on=received_on,
        amount=amount,
        account=account,
        customer=customer,
        method=method,
        payer_name=payer_name,
        payer_account=payer_account,
        payer_bank=payer_bank,
        serial=serial,
        remark=remark,
        balance=balance,
        identity=identity,
        again=number_of_it,
        entered_by=by,
    )


def _has_a_serial(receipt: Receipt, by: User) -> Refused | None:
    return Refused("has_a_serial", _("It has a serial number of the bank already.")) if receipt.serial else None


@action(
    Receipt,
    label=gettext_lazy("Fill in the bank's serial number"),
    source={R.OPEN, R.PARTLY, R.MATCHED},
    form=forms.SerialForm,
    unless=_has_a_serial,
)
def note_serial(receipt: Receipt, *, by: User, account: BankAccount, serial: str) -> None:
    """Say which line of the bank a receipt is that was entered by hand; the file leaves it out then (KC 5.1.11.9)."""
    serial = serial.strip()
    receipt.identity = identity_of(account, receipt.received_on, receipt.amount, serial=serial)
    earlier = Receipt.objects.filter(identity=receipt.identity).order_by("pk").first()
    if earlier is not None:
        raise Refused(
            "came_before",
            _("Receipt %(number)s has this serial number of the bank.") % {"number": earlier},
            _("If both are the same money, void one of them."),
        )
    receipt.account, receipt.serial, receipt.again = account, serial, 0


def _used(receipt: Receipt, by: User) -> Refused | None:
    if receipt.matched or receipt.refunded:
        return Refused(
            "used",
            _("%(amount)s of it are used.") % {"amount": money(receipt.matched + receipt.refunded)},
            _("Take the matches back first."),
        )
    return None


@action(Receipt, label=gettext_lazy("Assign to a customer"), source=USABLE, form=forms.AssignForm, unless=_used)
def assign_receipt(receipt: Receipt, *, by: User, customer: Customer) -> None:
    """Say from which customer the money came; his owner sees it from now on (KC 5.1.11.9)."""
    receipt.customer = customer


@action(
    Receipt,
    label=gettext_lazy("Void the receipt"),
    source={R.OPEN},
    target=R.VOID,
    form=ReasonForm,
    unless=_used,
)
def void_receipt(receipt: Receipt, *, by: User, reason: str) -> None:
    """Void money that was entered by mistake, with the reason; the same line of the bank does not come in again."""
    receipt.reason = reason
