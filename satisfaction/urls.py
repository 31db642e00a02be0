"""Addresses of surveys."""

from django.urls import path

from crm.web.listpage import list_view
from satisfaction import prints, views

urlpatterns = [
    path("", list_view("campaigns"), name="campaigns"),
    path("<int:pk>/", views.CampaignView.as_view(), name="campaign"),
    path("<int:pk>/result/", views.result, name="campaign-result"),
    path("<int:pk>/evaluation/", views.evaluation, name="campaign-evaluation"),
    path("<int:pk>/remarks/", views.remarks, name="campaign-remarks"),
    path("<int:pk>/report/", prints.report_print, name="campaign-report"),
    path("<int:pk>/workbook/", views.workbook, name="campaign-workbook"),
    path("invitations/", list_view("survey-invitations"), name="survey-invitations"),
    path("invitations/<int:pk>/", views.InvitationView.as_view(), name="invitation"),
    path("invitations/<int:pk>/sheet/", prints.sheet_print, name="survey-sheet"),
    path("questionnaires/", list_view("questionnaires"), name="questionnaires"),
    path("questionnaires/<int:pk>/", views.QuestionnaireView.as_view(), name="questionnaire"),
    path("editions/", list_view("editions"), name="editions"),
    path("editions/<int:pk>/", views.EditionView.as_view(), name="edition"),
    path("editions/<int:pk>/preview/", views.preview, name="edition-preview"),
]
