"""Addresses of the inbox."""

from django.urls import path

from complaints.inbox import views
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("inbox"), name="inbox"),
    path("<int:pk>/", views.IncomingView.as_view(), name="incoming"),
]
