"""Addresses of coordination."""

from django.urls import path

from crm.web.listpage import list_view
from orders.coordination import views

urlpatterns = [
    path("meetings/", list_view("order-meetings"), name="order-meetings"),
    path("meetings/<int:pk>/", views.MeetingView.as_view(), name="ordermeeting"),
    path("meetings/<int:pk>/minutes/", views.minutes_print, name="order-meeting-minutes"),
    path("tasks/", list_view("meeting-tasks"), name="meeting-tasks"),
    path("help/", list_view("help-requests"), name="help-requests"),
    path("help/<int:pk>/", views.HelpView.as_view(), name="helprequest"),
    path("joint/", list_view("joint-handlings"), name="joint-handlings"),
    path("joint/<int:pk>/", views.JointView.as_view(), name="jointhandling"),
]
