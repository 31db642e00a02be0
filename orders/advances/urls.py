"""Addresses of advances."""

from django.urls import path

from crm.web.listpage import list_view
from orders.advances import prints, views

urlpatterns = [
    path("", list_view("advances"), name="advances"),
    path("<int:pk>/", views.AdvanceView.as_view(), name="advance"),
    path("<int:pk>/print/", prints.advance_print, name="advance-print"),
]
