"""The address of an anonymous survey."""

from django.urls import path

from satisfaction.door import survey

urlpatterns = [path("<str:token>/", survey, name="survey")]
