from django.urls import path

from crm.web.board import board_urls
from crm.web.listpage import list_view
from orders import prints, views
from orders.boards import ORDER_BOARD

urlpatterns = [
    path("", list_view("orders"), name="orders"),
    *board_urls(ORDER_BOARD),
    path("<int:pk>/", views.OrderView.as_view(), name="order"),
    path("<int:pk>/application/", prints.form_view("application"), name="order-application"),
    path("<int:pk>/confirmation/", prints.form_view("confirmation"), name="order-confirmation"),
    path("<int:pk>/sheet/", prints.form_view("sheet"), name="order-sheet"),
    path("handovers/<int:pk>/print/", prints.handover_print, name="handover-print"),
    path("payments/", list_view("payments"), name="payments"),
]
