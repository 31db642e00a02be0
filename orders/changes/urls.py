"""Addresses of changes."""

urlpatterns: list = []
