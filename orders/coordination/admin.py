"""Meetings, tasks, help requests and joint handlings in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.coordination.models import HelpRequest, JointHandling, MeetingTask, OrderMeeting


@admin.register(OrderMeeting)
class OrderMeetingAdmin(RecordAdmin):
    list_display = ["number", "status", "meets_at", "place", "convener", "filed_at"]
    list_filter = ["status"]
    search_fields = ["number"]
    list_select_related = ["convener"]
    show_full_result_count = False


@admin.register(MeetingTask)
class MeetingTaskAdmin(RecordAdmin):
    list_display = ["what", "meeting", "status", "due_on", "owner"]
    list_filter = ["status"]
    list_select_related = ["meeting", "owner"]
    show_full_result_count = False


@admin.register(HelpRequest)
class HelpRequestAdmin(RecordAdmin):
    list_display = ["number", "order", "department", "status", "needed_on", "asked_by"]
    list_filter = ["status", "department"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order", "department", "asked_by"]
    show_full_result_count = False


@admin.register(JointHandling)
class JointHandlingAdmin(RecordAdmin):
    list_display = ["purpose", "order", "status", "lead", "begun_at", "ended_at"]
    list_filter = ["status"]
    list_select_related = ["order", "lead"]
    show_full_result_count = False
