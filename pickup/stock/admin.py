"""Warehouses in the back office."""

from django.contrib import admin

from pickup.stock.models import Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "kind", "counter", "active"]
    list_filter = ["kind", "active"]
    filter_horizontal = ["clerks"]
