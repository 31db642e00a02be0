"""Contracts and their templates in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from orders.contracts.models import Contract, ContractTemplate, Requirement, ShipmentRequest, Supplement
from orders.contracts.texts import NAMES


@admin.register(ContractTemplate)
class ContractTemplateAdmin(admin.ModelAdmin):
    about = _("The articles that contracts are made from.")
    list_display = ["name", "active"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """Below the articles stands what may be named in them."""
        names = " ".join(f"{{{name}}}" for name in NAMES)
        options["help_texts"] = {"text": _t("It may name: %(names)s") % {"names": names}}
        return super().get_form(request, obj, change, **options)


@admin.register(Contract)
class ContractAdmin(RecordAdmin):
    list_display = ["number", "customer", "kind", "status", "owner", "delivery_on", "total"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(Requirement)
class RequirementAdmin(RecordAdmin):
    list_display = ["goods", "customer", "status", "owner"]
    list_filter = ["status"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(ShipmentRequest)
class ShipmentRequestAdmin(RecordAdmin):
    list_display = ["number", "contract", "status", "ships_on", "amount"]
    list_filter = ["status"]
    list_select_related = ["contract"]
    show_full_result_count = False


@admin.register(Supplement)
class SupplementAdmin(RecordAdmin):
    list_display = ["number", "contract", "status", "effective_on", "drafted_by"]
    list_filter = ["status"]
    list_select_related = ["contract", "drafted_by"]
    show_full_result_count = False
