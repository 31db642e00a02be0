"""Units and products in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.catalog.models import Product, Unit


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "name_en", "decimals"]
    search_fields = ["code", "name"]


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    list_display = ["code", "name", "specification", "category", "status"]
    list_filter = ["status", "category"]
    search_fields = ["code", "name", "name_en"]
