"""The time limits of a customer's record."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from customers.models import ChangeReport, Customer, Document, Note, Task

S = Customer.Status

Rule(
    "customer.entry",
    "ZT 2.2",
    label=_("Enter what was learned of a customer"),
    on=Note,
    during={Note.Status.OPEN},
    since="received_at",
    met_by=("customers.enter_customer", "customers.match_note", "customers.dismiss_note"),
    limit="2 wd",
)
Rule(
    "customer.update",
    "ZT 2.3",
    label=_("Decide a reported change"),
    on=ChangeReport,
    during={ChangeReport.Status.OPEN},
    since="changed_on",
    who="customer.owner",
    met_by="customers.decide_change",
    limit="2 wd",
)
Rule(
    "customer.verify",
    "ZT 2.3, KH 2.4, JD 4.1",
    label=_("Verify the record again"),
    on=Customer,
    during={S.POTENTIAL, S.NEW, S.ACTIVE, S.DORMANT},
    since="verified_at",
    met_by="customers.verify_customer",
    limit="180 d",
    warn="14 d",
)
Rule(
    "document.expiry",
    "ZT 2.1",
    label=_("Renew a paper before it expires"),
    on=Document,
    during={Document.Status.VALID},
    when=lambda document: document.expires_on is not None,
    due="expires_on",
    who="customer.owner",
    met_by="customers.renew_document",
    warn="30 d",
)
Rule(
    "customer.task",
    "KF 3.3.3",
    label=_("Take the next step"),
    on=Task,
    during={Task.Status.OPEN},
    due="due_on",
    met_by="customers.finish_task",
    warn="1 wd",
)
