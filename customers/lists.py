"""The lists of this app, each declared once for page, REST and export."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.listing import Column, Listing, View
from customers import filters
from customers.models import ChangeReport, Contact, ContactEntry, Customer, Note, Task

CUSTOMERS = Listing(
    "customers",
    Customer,
    _("Customers"),
    [
        Column("code", _("Number"), kind="code", sortable=True),
        Column("name", _("Name"), kind="link", sortable=True),
        Column("status", _("Relation"), kind="status"),
        Column("tier", _("Tier"), kind="choice"),
        Column("region", _("Region")),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("payment_terms", _("Payment terms"), kind="choice"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("verified_at", _("Last verified"), kind="date", sortable=True),
        Column("short_name", _("Short name"), shown=False),
        Column("name_en", _("English name"), shown=False),
        Column("industry", _("Industry"), shown=False),
        Column("source", _("Source"), shown=False),
        Column("licence", _("Social credit code"), source="licence_tail", kind="masked", shown=False),
        Column("supply_suspended", _("Supply suspended"), kind="bool", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
        Column("created_at", _("Entered on"), kind="date", shown=False),
    ],
    filters.CustomerFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user)),
        View("department", _("My department"), lambda user: Q(department=user.department_id)),
        View("vip", _("VIP and key"), lambda user: Q(tier__in=["vip", "key"])),
        View(
            "unverified",
            _("Not verified for 180 days"),
            lambda user: Q(verified_at__lt=clock.now() - timedelta(180)),
            asks="customers.verify_customer",
        ),
        View("suspended", _("Supply suspended"), lambda user: Q(supply_suspended=True)),
    ],
    creates=["customers.create_customer", "customers.note_information"],
    bulk=["customers.assign_customer", "customers.change_customer", "customers.verify_customer"],
    empty=_("No customers yet. Enter the first one, or import a list."),
)

CONTACTS = Listing(
    "contacts",
    Contact,
    _("Contacts"),
    [
        Column("name", _("Full name"), kind="link"),
        Column("title", _("Title")),
        Column("customer", _("Customer"), source="customer__name"),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("mobile", _("Mobile"), source="mobile_tail", kind="masked"),
        Column("phone", _("Phone"), source="phone_tail", kind="masked"),
        Column("email", _("Mail address"), source="email_tail", kind="masked"),
        Column("main", _("Main contact"), kind="bool"),
        Column("active", _("Still there"), kind="bool"),
    ],
    filters.ContactFilter,
)

CONTACT_LOG = Listing(
    "contact-log",
    ContactEntry,
    _("Contact log"),
    [
        Column("at", _("When"), kind="datetime", sortable=True),
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("channel", _("Channel"), kind="choice"),
        Column("direction", _("Direction"), kind="choice"),
        Column("contact", _("Contact"), source="contact__name"),
        Column("what", _("What was said")),
        Column("by", _("By"), source="by__name", kind="name"),
    ],
    filters.ContactEntryFilter,
    order="-at",
    tabs=[View("mine", _("Mine"), lambda user: Q(by=user))],
)

TASKS = Listing(
    "tasks",
    Task,
    _("Tasks"),
    [
        Column("what", _("Task"), kind="link"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("status", _("State"), kind="status"),
        Column("due_on", _("Due on"), kind="date", sortable=True),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
    ],
    filters.TaskFilter,
    order="due_on",
    tabs=[View("mine", _("Mine"), lambda user: Q(owner=user, status=Task.Status.OPEN))],
)

NOTES = Listing(
    "notes",
    Note,
    _("Information received"),
    [
        Column("name", _("Customer's name"), kind="link"),
        Column("status", _("State"), kind="status"),
        Column("source", _("Learned from"), kind="choice"),
        Column("received_at", _("Received"), kind="datetime"),
        Column("received_by", _("Received by"), source="received_by__name", kind="name"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("deadline", _("Due"), kind="deadline"),
    ],
    filters.NoteFilter,
    tabs=[
        View("open", _("To be entered"), lambda user: Q(status=Note.Status.OPEN), asks="customers.enter_customer"),
        View("mine", _("Mine"), lambda user: Q(owner=user)),
    ],
    creates=["customers.note_information"],
    empty=_("Nothing has been noted. Whoever learns something of a customer notes it here."),
)

CHANGE_REPORTS = Listing(
    "change-reports",
    ChangeReport,
    _("Reported changes"),
    [
        Column("customer", _("Customer"), source="customer__name", kind="link"),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("status", _("State"), kind="status"),
        Column("changed_on", _("Day of the change"), kind="date"),
        Column("reported_by", _("Reported by"), source="reported_by__name", kind="name"),
        Column("reported_at", _("Reported"), kind="datetime"),
        Column("deadline", _("Due"), kind="deadline"),
    ],
    filters.ChangeReportFilter,
    tabs=[
        View(
            "open",
            _("To be decided"),
            lambda user: Q(status=ChangeReport.Status.OPEN),
            asks="customers.decide_change",
        )
    ],
)
