from django.urls import path

from crm.web.listpage import list_view
from orders.inquiries import prints, views

urlpatterns = [
    path("", list_view("inquiries"), name="inquiries"),
    path("<int:pk>/", views.InquiryView.as_view(), name="inquiry"),
    path("<int:pk>/print/", prints.inquiry_print, name="inquiry-print"),
    path("ask/", views.ask, name="ask"),
]
