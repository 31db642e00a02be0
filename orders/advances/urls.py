"""Addresses of advances."""

urlpatterns: list = []
