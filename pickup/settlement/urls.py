"""Addresses of settlement."""

from django.urls import path

from crm.web.listpage import list_view
from pickup.settlement import prints, views

urlpatterns = [
    path("statements/", list_view("statements"), name="statements"),
    path("statements/<int:pk>/", views.StatementView.as_view(), name="statement"),
    path("statements/<int:pk>/print/", prints.statement_print, name="statement-print"),
    path("memos/", list_view("memos"), name="memos"),
    path("memos/<int:pk>/", views.MemoView.as_view(), name="invoicememo"),
    path("memos/<int:pk>/print/", prints.memo_print, name="memo-print"),
    path("memos/<int:pk>/print/clear/", prints.memo_print, {"clear": True}, name="memo-print-clear"),
    path("unreconciled/", views.unreconciled_page, name="unreconciled"),
    path("orders/<int:pk>/", views.three_way_page, name="three-way"),
]
