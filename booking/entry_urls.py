"""Signing in, and one's own access. The names are those that allauth looks for, so they stand in no namespace."""

from django.urls import path

from booking.views.manager import entry, shortcuts
from booking.views.manager.failures import failures_shown

urlpatterns = [
    path("sign-in/", failures_shown(entry.SignIn.as_view()), name="account_login"),
    path("sign-in/code/", failures_shown(entry.SignInCode.as_view()), name="mfa_authenticate"),
    path("sign-out/", failures_shown(entry.SignOut.as_view()), name="account_logout"),
    path("me/", failures_shown(entry.OwnAccess.as_view()), name="mfa_index"),
    path("me/password/", failures_shown(entry.Password.as_view()), name="account_change_password"),
    path("me/again/", failures_shown(entry.Again.as_view()), name="account_reauthenticate"),
    path("me/app/", failures_shown(entry.App.as_view()), name="mfa_activate_totp"),
    path("me/app/off/", failures_shown(entry.AppOff.as_view()), name="mfa_deactivate_totp"),
    path("me/keys/new/", failures_shown(entry.NewKey.as_view()), name="mfa_add_webauthn"),
    path("me/keys/<int:pk>/off/", failures_shown(entry.KeyOff.as_view()), name="mfa_remove_webauthn"),
    path("me/codes/", failures_shown(entry.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("me/codes/new/", failures_shown(entry.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("me/shortcuts/", failures_shown(shortcuts.shortcuts), name="shortcuts"),
    path("me/sessions/", failures_shown(entry.Sessions.as_view()), name="usersessions_list"),
]
