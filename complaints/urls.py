"""Addresses of complaints."""

from django.urls import path

from complaints import archive_views, prints, views
from complaints.boards import COMPLAINT_BOARD
from crm.web.board import board_urls
from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("complaints"), name="complaints"),
    *board_urls(COMPLAINT_BOARD),
    path("<int:pk>/", views.ComplaintView.as_view(), name="complaint"),
    path("<int:pk>/report/", prints.report_print, name="complaint-report"),
    path("<int:pk>/8d/", prints.eight_d_print, name="complaint-8d"),
    path("<int:pk>/letter/", prints.letter_print, name="complaint-letter"),
    path("<int:pk>/file/", archive_views.whole_file, name="complaint-file"),
]
