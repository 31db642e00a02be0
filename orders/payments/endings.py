"""A case of dunning ends by itself once nothing of the customer is overdue."""

from crm.accounts.models import User
from orders.payments.models import Dunning, Invoice


def end_what_is_paid(customer: int, *, without: Invoice | None = None) -> None:
    """End the customer's open case where nothing of him is overdue; `without` is an invoice that is being cancelled."""
    from orders.payments.actions import end_dunning  # it is what a case is changed by

    case = Dunning.objects.filter(customer=customer, status=Dunning.Status.OPEN).first()
    if case is None:
        return
    late = Invoice.objects.overdue().filter(customer=customer)
    if without is not None:
        late = late.exclude(pk=without.pk)
    if not late.exists():
        end_dunning(case, by=User.objects.system("payments"))
