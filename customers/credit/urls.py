"""Addresses of credit."""

from django.urls import path

from crm.web.listpage import list_view
from customers.credit import prints, views

urlpatterns = [
    path("", list_view("credit-standings"), name="credit-standings"),
    path("assessments/", list_view("assessments"), name="assessments"),
    path("assessments/<int:pk>/", views.AssessmentView.as_view(), name="assessment"),
    path("assessments/<int:pk>/print/", prints.assessment_print, name="assessment-print"),
    path("alerts/", list_view("credit-alerts"), name="credit-alerts"),
    path("alerts/<int:pk>/", views.AlertView.as_view(), name="alert"),
]
