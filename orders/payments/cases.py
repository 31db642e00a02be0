"""What becomes of a case of dunning by itself: its promise is kept, it follows its customer's owner, and it ends."""

from crm.accounts.models import User
from customers.models import Customer
from orders.models import Order
from orders.payments import promises
from orders.payments.models import Dunning, Invoice


def open_case(customer: int) -> Dunning | None:
    """The customer's case, while he is being reminded."""
    return Dunning.objects.filter(customer=customer, status=Dunning.Status.OPEN).first()


def keep_what_was_promised(order: Order) -> None:
    """Note a promise as kept as soon as the payments of the customer since then come to what he promised."""
    from orders.payments.actions import keep_promise

    case = open_case(order.customer_id)
    if case is not None and promises.is_kept(case):
        keep_promise(case, by=User.objects.system("payments"))


def follow_customer(obj: object) -> None:
    """Let the open case of a customer who was given to another owner go with him."""
    from orders.payments.actions import follow_owner

    if not isinstance(obj, Customer):
        return
    case = open_case(obj.pk)
    if case is not None and (case.owner_id, case.department_id) != (obj.owner_id, obj.department_id):
        follow_owner(case, by=User.objects.system("payments"))


def end_what_is_paid(customer: int, *, without: Invoice | None = None) -> None:
    """End the customer's open case where nothing of him is overdue; `without` is an invoice that is being voided."""
    from orders.payments.actions import end_dunning  # it is what a case is changed by

    case = open_case(customer)
    if case is None:
        return
    late = Invoice.objects.overdue().filter(customer=customer)
    if without is not None:
        late = late.exclude(pk=without.pk)
    if not late.exists():
        end_dunning(case, by=User.objects.system("payments"))
