"""Addresses of the public form."""

from django.urls import path

from complaints.inbox import public

urlpatterns = [
    path("", public.complain, name="complain"),
    path("thanks/<str:token>/", public.thanks, name="complained"),
]
