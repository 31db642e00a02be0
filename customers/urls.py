from django.urls import path

from crm.web.listpage import list_view
from customers import views

urlpatterns = [
    path("", list_view("customers"), name="customers"),
    path("<int:pk>/", views.CustomerView.as_view(), name="customer"),
    path("contacts/", list_view("contacts"), name="contacts"),
    path("contact-log/", list_view("contact-log"), name="contact-log"),
    path("tasks/", list_view("tasks"), name="tasks"),
    path("notes/", list_view("notes"), name="notes"),
    path("notes/<int:pk>/", views.NoteView.as_view(), name="note"),
    path("change-reports/", list_view("change-reports"), name="change-reports"),
    path("change-reports/<int:pk>/", views.ChangeReportView.as_view(), name="changereport"),
]
