"""Whose rows the tables of accounts are, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import ANYBODY, Guard, behind, either, own, roles

ADMINISTRATION = roles("administrator")
# Signing in, a forgotten password, an invitation: nobody is signed in yet.
ACCOUNT = behind("account")
OF_THE_ACCOUNT = either(own("user_id"), ADMINISTRATION, ACCOUNT)

GUARDS = {
    "accounts_department": Guard.by(ADMINISTRATION),
    # Which rights an account has is said by the administration alone: a trigger sees to that.
    "accounts_user": Guard(
        insert=ADMINISTRATION, update=either(own("id"), ADMINISTRATION, ACCOUNT), delete=ADMINISTRATION
    ),
    "accounts_user_groups": Guard.by(ADMINISTRATION),
    "accounts_user_user_permissions": Guard.by(ADMINISTRATION),
    # Counted for whoever tries, by a digest.
    "accounts_attempt": Guard.by(ANYBODY),
    "accounts_shared_cache": Guard.by(ANYBODY),
    "django_session": Guard.by(ANYBODY),
    "account_emailaddress": Guard.by(OF_THE_ACCOUNT, select=OF_THE_ACCOUNT),
    "account_emailconfirmation": Guard.by(
        either(ACCOUNT, ADMINISTRATION), select=either(ACCOUNT, ADMINISTRATION)
    ),
    "mfa_authenticator": Guard.by(OF_THE_ACCOUNT, select=OF_THE_ACCOUNT),
    "usersessions_usersession": Guard.by(OF_THE_ACCOUNT, select=OF_THE_ACCOUNT),
    "socialaccount_socialaccount": Guard.by(OF_THE_ACCOUNT, select=OF_THE_ACCOUNT),
    "socialaccount_socialtoken": Guard.by(ACCOUNT, select=ACCOUNT),
}
