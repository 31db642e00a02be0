from django.urls import path

from crm.web.listpage import list_view
from pickup import calendar, prints, views

urlpatterns = [
    path("", list_view("pickups"), name="pickups"),
    path("<int:pk>/", views.PickupView.as_view(), name="pickup"),
    path("<int:pk>/notice/", prints.notice_print, name="pickup-notice"),
    path("<int:pk>/slip/", prints.notice_print, {"slip": True}, name="pickup-slip"),
    path("<int:pk>/letter/", prints.letter_print, name="pickup-letter"),
    path("records/", list_view("pickup-records"), name="pickup-records"),
    path("records/<int:pk>/", views.PickupRecordView.as_view(), name="record"),
    path("records/<int:pk>/print/", prints.record_print, name="record-print"),
    path("authorities/", list_view("authorities"), name="authorities"),
    path("windows/", list_view("windows"), name="windows"),
    path("calendar/", calendar.calendar, name="pickup-calendar"),
    path("counter/", views.counter, name="counter"),
    path("counter/look-up/", views.look_up, name="counter-look-up"),
]
