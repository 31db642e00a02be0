from django.urls import path
from django.views.generic import RedirectView

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
    # The back office has doors of its own, which know neither the lockout nor the log; ours stand before them.
    path("admin/login/", views.to_sign_in),
    path("admin/logout/", views.sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
]
