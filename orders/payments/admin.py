"""Own bank accounts and the steps of dunning are edited in the back office; everything else is shown there."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from orders.payments.models import BankAccount, Dunning, DunningStep, Invoice, Match, Receipt, WriteOff


@admin.register(BankAccount)
class BankAccountAdmin(admin.ModelAdmin):
    about = _("The company's own accounts, into which customers pay; a bank's file is imported into one of them.")
    list_display = ["name", "bank", "active"]


@admin.register(DunningStep)
class DunningStepAdmin(admin.ModelAdmin):
    about = _("When a customer is reminded, by whom, by which way and in which words.")
    list_display = ["days", "name", "who", "channel", "suspends", "active"]
    list_filter = ["who", "channel", "active"]


@admin.register(Invoice)
class InvoiceAdmin(RecordAdmin):
    list_display = ["number", "customer", "order", "status", "amount", "paid", "due_on"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "order"]
    show_full_result_count = False


@admin.register(Receipt)
class ReceiptAdmin(RecordAdmin):
    list_display = ["number", "received_on", "payer_name", "status", "amount", "matched", "customer"]
    list_filter = ["status", "account"]
    search_fields = ["number", "payer_name", "serial"]
    list_select_related = ["customer"]
    show_full_result_count = False


@admin.register(Match)
class MatchAdmin(RecordAdmin):
    list_display = ["receipt", "order", "amount", "by", "at", "taken_back_at"]
    list_select_related = ["receipt", "order", "by"]
    show_full_result_count = False


@admin.register(WriteOff)
class WriteOffAdmin(RecordAdmin):
    list_display = ["order", "amount", "reason", "by", "at"]
    list_select_related = ["order", "by"]
    show_full_result_count = False


@admin.register(Dunning)
class DunningAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "step", "promised_on", "broken", "owner"]
    list_filter = ["status"]
    list_select_related = ["customer", "step", "owner"]
    show_full_result_count = False
