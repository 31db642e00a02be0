from django.urls import path

from crm.web import doors, health, views

urlpatterns = [
    path("do/<str:name>/", doors.do, name="do"),
    path("do/<str:name>/<int:pk>/", doors.do, name="do"),
    path("do-many/<str:name>/", doors.do_many, name="do-many"),
    path("pick/<str:label>/", doors.pick, name="pick"),
    path("search/", views.search, name="search"),
    path("language/", views.language, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
]
