"""Addresses of payments."""

from django.urls import path

from crm.web.listpage import list_view
from orders.payments import prints, views

urlpatterns = [
    path("ageing/", views.ageing, name="ageing"),
    path("invoices/", list_view("invoices"), name="invoices"),
    path("invoices/<int:pk>/", views.InvoiceView.as_view(), name="invoice"),
    path("receipts/", list_view("receipts"), name="receipts"),
    path("receipts/<int:pk>/", views.ReceiptView.as_view(), name="receipt"),
    path("dunning/", list_view("dunnings"), name="dunnings"),
    path("dunning/<int:pk>/", views.DunningView.as_view(), name="dunning"),
    path("reminders/<int:pk>/print/", prints.letter_print, name="reminder-print"),
    path("write-offs/", list_view("writeoffs"), name="writeoffs"),
    path("matches/", list_view("matches"), name="matches"),
]
