from django.urls import path

from crm.exchange import downloads, views
from crm.web.listpage import list_view

urlpatterns = [
    path("imports/", list_view("imports"), name="imports"),
    path("imports/start/", views.start, name="import-start"),
    path("imports/<int:pk>/", views.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import-progress"),
    path("imports/<int:pk>/failed/", downloads.FailedFile.as_view(), name="import-failed"),
    path("imports/template/<str:key>/", downloads.Template.as_view(), name="import-template"),
    path("exports/", list_view("exports"), name="exports"),
    path("exports/<int:pk>/", views.ExportView.as_view(), name="export"),
    path("exports/<int:pk>/progress/", views.export_progress, name="export-progress"),
    path("exports/<int:pk>/file/", downloads.ExportFile.as_view(), name="export-file"),
]
