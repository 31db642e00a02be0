from django.urls import path

from crm.reports import views

urlpatterns = [
    path("", views.today, name="today"),
    path("reports/", views.reports, name="reports"),
]
