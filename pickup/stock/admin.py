"""Warehouses in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pickup.stock.models import Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(admin.ModelAdmin):
    about = _("Where goods lie, with address, counter and clerks.")
    list_display = ["code", "name", "kind", "counter", "active"]
    list_filter = ["kind", "active"]
    filter_horizontal = ["clerks"]
