"""Addresses of execution."""

from django.urls import path

from crm.web.listpage import list_view
from pickup.execution import prints, views

urlpatterns = [
    path("", list_view("execution-reports"), name="execution-reports"),
    path("<int:pk>/", views.ReportView.as_view(), name="report"),
    path("<int:pk>/rows/", views.rows, name="execution-rows"),
    path("<int:pk>/print/", prints.report_print, name="execution-print"),
    path("subscriptions/", list_view("execution-subscriptions"), name="execution-subscriptions"),
    path("customers/<int:pk>/", views.of_customer, name="execution-customer"),
]
