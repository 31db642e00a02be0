from django.urls import path

from crm.approvals import views
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("approvals"), name="approvals"),
    path("requests/", list_view("approval-requests"), name="approval-requests"),
    path("requests/<int:pk>/", views.RequestView.as_view(), name="approvalrequest"),
    path("open/<str:token>/", views.open_card, name="approval-open"),
]
