"""Addresses of tiers."""

from django.urls import path

from crm.web.listpage import list_view
from customers.tiers import views

urlpatterns = [
    path("", list_view("tier-proposals"), name="tier-proposals"),
    path("<int:pk>/", views.ProposalView.as_view(), name="proposal"),
    path("changes/", list_view("tier-changes"), name="tier-changes"),
]
