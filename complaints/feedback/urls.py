"""Addresses of feedback."""

from django.urls import path

from complaints.feedback import prints, views
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("feedbacks"), name="feedbacks"),
    path("<int:pk>/", views.FeedbackView.as_view(), name="feedback"),
    path("<int:pk>/form/", prints.feedback_print, name="feedback-form"),
]
