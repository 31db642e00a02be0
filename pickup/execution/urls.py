"""Addresses of execution."""

urlpatterns: list = []
