from django.urls import path

from crm.deadlines import views
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("deadlines"), name="deadlines"),
    path("<int:pk>/", views.deadline, name="deadline"),
]
