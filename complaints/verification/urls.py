"""Addresses of verifications and scales."""

from django.urls import path

from complaints.verification import prints, views
from crm.web.listpage import list_view

urlpatterns = [
    path("verifications/", list_view("verifications"), name="verifications"),
    path("verifications/<int:pk>/", views.VerificationView.as_view(), name="verification"),
    path("verifications/<int:pk>/print/", prints.verification_print, name="verification-print"),
    path("verifications/<int:pk>/laboratory/", prints.laboratory_print, name="verification-laboratory"),
    path("scales/", list_view("scales"), name="scales"),
    path("scales/<int:pk>/", views.ScaleView.as_view(), name="scale"),
]
