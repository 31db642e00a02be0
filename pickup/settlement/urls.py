"""Addresses of settlement."""

urlpatterns: list = []
