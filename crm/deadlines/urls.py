from django.urls import path

from crm.deadlines import views

urlpatterns = [
    path("<int:pk>/", views.deadline, name="deadline"),
]
