from django.urls import path

from crm.accounts import own_pages, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("demo-sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("forgot/", views.forgot, name="forgot"),
    path("profile/", own_pages.profile, name="profile"),
    path("profile/password/", own_pages.password, name="password"),
    path("profile/sessions/", own_pages.own_sessions, name="sessions"),
    path("profile/tokens/", own_pages.own_tokens, name="tokens"),
]
