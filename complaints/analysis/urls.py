"""The address of the analysis."""

from django.urls import path

from complaints.analysis import views

urlpatterns = [path("", views.analysis, name="complaints-analysis")]
