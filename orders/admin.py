"""Orders, their types and who takes them, in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from orders.models import Allocation, Handover, Milestone, Order, OrderType, Payment, Stage, Territory


class StageInline(admin.TabularInline):
    model = Stage
    extra = 1


@admin.register(OrderType)
class OrderTypeAdmin(admin.ModelAdmin):
    about = _("The kinds of orders, each with the milestones that its plan begins with.")
    list_display = ["code", "name", "name_en", "active", "needs_contract"]
    inlines = [StageInline]


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    about = _("Which regions and business areas each salesperson covers.")
    list_display = ["user", "areas", "regions", "capacity", "available"]
    list_filter = ["available"]
    filter_horizontal = ["types"]
    list_select_related = ["user"]


@admin.register(Order)
class OrderAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "owner", "wanted_on", "total"]
    list_filter = ["status", "type", "fulfilment", "payment_terms"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    list_display = ["name", "order", "status", "due_on", "owner"]
    list_filter = ["status"]
    list_select_related = ["order", "owner"]


@admin.register(Payment)
class PaymentAdmin(RecordAdmin):
    list_display = ["order", "amount", "received_on", "method"]
    list_filter = ["method"]
    list_select_related = ["order"]


@admin.register(Allocation)
class AllocationAdmin(RecordAdmin):
    list_display = ["order", "owner", "at", "chosen_by_hand"]
    list_select_related = ["order", "owner"]


@admin.register(Handover)
class HandoverAdmin(RecordAdmin):
    list_display = ["order", "what", "status", "given_at"]
    list_filter = ["status"]
    list_select_related = ["order"]
