from django.urls import path

from crm.records import views

urlpatterns = [
    path("reveal/<str:label>/<int:pk>/<str:name>/", views.reveal, name="reveal"),
    path("files/<int:pk>/", views.attachment, name="attachment"),
]
