"""Addresses of agreements on compensations."""

from django.urls import path

from complaints.compensation import prints, views
from crm.web.listpage import list_view

urlpatterns = [
    path("agreements/", list_view("agreements"), name="agreements"),
    path("agreements/<int:pk>/", views.AgreementView.as_view(), name="agreement"),
    path("agreements/<int:pk>/print/", prints.agreement_print, name="agreement-print"),
]
