from django.urls import path

from crm.web.listpage import list_view
from orders.inquiries import views

urlpatterns = [
    path("", list_view("inquiries"), name="inquiries"),
    path("<int:pk>/", views.InquiryView.as_view(), name="inquiry"),
    path("ask/", views.ask, name="ask"),
]
