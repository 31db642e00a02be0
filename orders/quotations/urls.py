"""Addresses of quotations."""

urlpatterns: list = []
