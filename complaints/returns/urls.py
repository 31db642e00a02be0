"""Addresses of returns."""

from django.urls import path

from complaints.returns import prints, views
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("returns"), name="returns"),
    path("<int:pk>/", views.ReturnView.as_view(), name="returnnotice"),
    path("<int:pk>/print/", prints.notice_print, name="return-print"),
    path("receipts/<int:pk>/print/", prints.receipt_print, name="return-receipt-print"),
]
