from django.urls import path

from crm.outbox import views

urlpatterns = [
    path("bell/", views.bell, name="bell"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("calls/", views.calls, name="calls"),
    path("<int:pk>/", views.MessagePage.as_view(), name="message"),
]
