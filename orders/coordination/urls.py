"""Addresses of coordination."""

urlpatterns: list = []
