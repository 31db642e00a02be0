"""Surveys in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire, RemarkGroup


@admin.register(Questionnaire)
class QuestionnaireAdmin(RecordAdmin):
    list_display = ["code", "name", "name_en"]
    search_fields = ["code", "name", "name_en"]


@admin.register(Edition)
class EditionAdmin(RecordAdmin):
    list_display = ["questionnaire", "number", "status", "released_at"]
    list_filter = ["status"]
    list_select_related = ["questionnaire"]


@admin.register(Campaign)
class CampaignAdmin(RecordAdmin):
    list_display = ["number", "name", "kind", "status", "opens_on", "until", "anonymous", "owner"]
    list_filter = ["status", "kind", "anonymous"]
    search_fields = ["number", "name"]
    list_select_related = ["owner"]


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "owner", "sent_at"]
    list_filter = ["status"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(RemarkGroup)
class RemarkGroupAdmin(admin.ModelAdmin):
    about = _("What the remarks of surveys are about; whoever reads them puts them into these groups.")
    list_display = ["code", "name", "name_en", "position", "active"]
    list_filter = ["active"]
    search_fields = ["code", "name", "name_en"]
