"""Customers in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from customers.models import Address, ChangeReport, Contact, ContactEntry, Customer, Document, Note, Task


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    list_display = ["code", "name", "status", "tier", "region", "owner", "supply_suspended"]
    list_filter = ["status", "tier", "payment_terms", "supply_suspended", "department"]
    search_fields = ["code", "name", "short_name", "name_en"]
    list_select_related = ["owner"]
    show_full_result_count = False


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    list_display = ["name", "customer", "title", "main", "active"]
    list_filter = ["active", "main"]
    search_fields = ["name", "customer__name"]
    list_select_related = ["customer"]
    show_full_result_count = False


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    list_display = ["text", "customer", "kind"]
    list_filter = ["kind"]
    list_select_related = ["customer"]


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["__str__", "customer", "status", "expires_on"]
    list_filter = ["status", "kind"]
    list_select_related = ["customer"]


@admin.register(Note)
class NoteAdmin(RecordAdmin):
    list_display = ["name", "status", "source", "received_at", "owner"]
    list_filter = ["status", "source"]
    list_select_related = ["owner"]


@admin.register(ChangeReport)
class ChangeReportAdmin(RecordAdmin):
    list_display = ["customer", "status", "changed_on", "reported_by"]
    list_filter = ["status"]
    list_select_related = ["customer", "reported_by"]


@admin.register(ContactEntry)
class ContactEntryAdmin(RecordAdmin):
    list_display = ["customer", "channel", "at", "by"]
    list_filter = ["channel", "direction"]
    list_select_related = ["customer", "by"]


@admin.register(Task)
class TaskAdmin(RecordAdmin):
    list_display = ["what", "customer", "status", "due_on", "owner"]
    list_filter = ["status"]
    list_select_related = ["customer", "owner"]
