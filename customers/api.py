"""Customers in REST."""

from crm.api.resources import Resource
from customers import lists, serializers

CUSTOMERS = Resource(lists.CUSTOMERS, serializers.CustomerSerializer, prefetch=("contacts", "addresses", "documents"))
CONTACTS = Resource(lists.CONTACTS, serializers.ContactSerializer)
CONTACT_LOG = Resource(lists.CONTACT_LOG, serializers.ContactEntrySerializer)
TASKS = Resource(lists.TASKS, serializers.TaskSerializer)
NOTES = Resource(lists.NOTES, serializers.NoteSerializer)
CHANGE_REPORTS = Resource(lists.CHANGE_REPORTS, serializers.ChangeReportSerializer, prefetch=("fields",))
