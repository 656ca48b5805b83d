"""Signing in and out, second step, open sessions, invitations: allauth's views, Spanish addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path

from accounts import single_sign_on, views

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
    path("entrar/llave/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("cuenta/confirmar-llave/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("cuenta/llaves/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("cuenta/llaves/nueva/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("cuenta/llaves/<int:pk>/quitar/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("cuenta/llaves/<int:pk>/nombre/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("cuenta/sesiones/", sessions.list_usersessions, name="usersessions_list"),
    path("entrar/con/<str:provider_id>/", single_sign_on.login, name="openid_connect_login"),
    path("entrar/con/<str:provider_id>/vuelta/", single_sign_on.callback, name="openid_connect_callback"),
    path("invitacion/<str:uidb64>/<str:token>/", views.Invitation.as_view(), name="invitation"),
    path("inicio/", views.start, name="start"),
    path("por-enviar/<uuid:id>/", views.go_on, name="go-on"),
]
