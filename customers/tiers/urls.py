"""Addresses of tiers."""

urlpatterns: list = []
