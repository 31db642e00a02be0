"""Credit in the back office: ratings and weights are edited here, everything else is shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.web.admin import RecordAdmin
from customers.credit.models import Alert, Assessment, RatingPolicy, Standing, Weight


@admin.register(RatingPolicy)
class RatingPolicyAdmin(admin.ModelAdmin):
    about = _("From the first rating on, orders on account need a valid assessment, and stop beyond their limit.")
    list_display = ["rating", "from_score", "limit", "payment_terms", "payment_days"]


@admin.register(Weight)
class WeightAdmin(admin.ModelAdmin):
    about = _("What is not here counts as usual: operations 30, finances 30, payment record 40.")
    list_display = ["aspect", "weight"]


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "score", "rating", "limit", "valid_until", "assessed_by"]
    list_filter = ["status", "rating"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "assessed_by"]
    show_full_result_count = False


@admin.register(Standing)
class StandingAdmin(RecordAdmin):
    list_display = ["customer", "rating", "limit", "used", "free", "overdue", "valid_until"]
    list_filter = ["rating"]
    search_fields = ["customer__name", "customer__code"]
    list_select_related = ["customer"]
    show_full_result_count = False


@admin.register(Alert)
class AlertAdmin(RecordAdmin):
    list_display = ["customer", "sign", "status", "raised_at", "done", "settled_by"]
    list_filter = ["status", "sign", "done"]
    search_fields = ["customer__name"]
    list_select_related = ["customer", "settled_by"]
    show_full_result_count = False
