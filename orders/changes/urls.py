"""Addresses of changes, extensions, customers' requests, and of an order's versions."""

from django.urls import path

from crm.web.listpage import list_view
from orders.changes import prints, views

urlpatterns = [
    path("", list_view("changes"), name="changes"),
    path("<int:pk>/", views.ChangeView.as_view(), name="change"),
    path("<int:pk>/print/", prints.change_print, name="change-print"),
    path("orders/<int:pk>/versions/", views.versions, name="order-versions"),
    path("extensions/", list_view("extensions"), name="extensions"),
    path("extensions/<int:pk>/", views.ExtensionView.as_view(), name="extension"),
    path("extensions/<int:pk>/print/", prints.extension_print, name="extension-print"),
    path("requests/", list_view("customer-requests"), name="customer-requests"),
    path("requests/<int:pk>/", views.RequestView.as_view(), name="customerrequest"),
]
