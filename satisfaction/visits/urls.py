"""Addresses of return visits."""

from django.urls import path

from crm.web.listpage import list_view
from satisfaction.visits import prints, views

urlpatterns = [
    path("", list_view("visits"), name="visits"),
    path("<int:pk>/", views.VisitView.as_view(), name="visit"),
    path("<int:pk>/form/", prints.visit_print, name="visit-form"),
]
