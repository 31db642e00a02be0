"""Addresses of quotations and samples."""

from django.urls import path

from crm.web.listpage import list_view
from orders.quotations import prints, views

urlpatterns = [
    path("", list_view("quotations"), name="quotations"),
    path("<int:pk>/", views.QuotationView.as_view(), name="quotation"),
    path("<int:pk>/print/", prints.quotation_print, name="quotation-print"),
    path("<int:pk>/versions/", views.versions, name="quotation-versions"),
    path("<int:pk>/versions/<int:number>/print/", prints.quotation_print, name="quotation-version-print"),
    path("samples/", list_view("samples"), name="samples"),
    path("samples/<int:pk>/", views.SampleView.as_view(), name="sample"),
    path("samples/<int:pk>/print/", prints.sample_print, name="sample-print"),
]
