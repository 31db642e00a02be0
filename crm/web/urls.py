from django.urls import path

from crm.web import bulk, doors, health, views

urlpatterns = [
    path("do/<str:name>/", doors.do, name="do"),
    path("do/<str:name>/<int:pk>/", doors.do, name="do"),
    path("do-many/<str:name>/", bulk.do_many, name="do-many"),
    path("bulk/", bulk.earlier_runs, name="bulk-runs"),
    path("bulk/<int:pk>/", bulk.BulkRunView.as_view(), name="bulk-run"),
    path("bulk/<int:pk>/progress/", bulk.progress, name="bulk-progress"),
    path("bulk/<int:pk>/take-back/", bulk.take_back, name="bulk-back"),
    path("pick/<str:label>/", doors.pick, name="pick"),
    path("search/", views.search, name="search"),
    path("language/", views.language, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
]
