"""Units and products in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from orders.catalog.models import Product, Unit


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    about = _("The units that products are counted and sold in.")
    list_display = ["code", "name", "name_en", "decimals"]
    search_fields = ["code", "name"]


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    list_display = ["code", "name", "specification", "category", "status"]
    list_filter = ["status", "category"]
    search_fields = ["code", "name", "name_en"]
