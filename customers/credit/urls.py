"""Addresses of credit."""

urlpatterns: list = []
