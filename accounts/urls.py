"""Signing in and out, the second factor: allauth's views under Spanish addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from accounts import views

urlpatterns = [
    path("entrar/", account.login, name="account_login"),
    path("salir/", account.logout, name="account_logout"),
    path("entrar/codigo/", mfa.authenticate, name="mfa_authenticate"),
    path("cuenta/clave/", account.password_change, name="account_change_password"),
    path("cuenta/confirmar/", account.reauthenticate, name="account_reauthenticate"),
    path("cuenta/confirmar-codigo/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("cuenta/dos-pasos/", mfa.index, name="mfa_index"),
    path("cuenta/dos-pasos/activar/", totp.activate_totp, name="mfa_activate_totp"),
    path("cuenta/dos-pasos/desactivar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("cuenta/dos-pasos/respaldo/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "cuenta/dos-pasos/respaldo/nuevos/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "cuenta/dos-pasos/respaldo/bajar/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("inicio/", views.start, name="start"),
]
