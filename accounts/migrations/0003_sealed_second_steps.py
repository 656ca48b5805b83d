"""Encrypt the secrets of second steps that are there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core.together import sealing

SECRET_OF = {"totp": "secret", "recovery_codes": "seed"}


def encrypt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for step in apps.get_model("mfa", "Authenticator").objects.filter(type__in=SECRET_OF):
        name = SECRET_OF[step.type]
        if name in step.data:
            step.data[name] = sealing.seal(step.data[name])
            step.save(update_fields=["data"])


def decrypt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for step in apps.get_model("mfa", "Authenticator").objects.filter(type__in=SECRET_OF):
        name = SECRET_OF[step.type]
        if name in step.data:
            step.data[name] = sealing.unseal(step.data[name])
            step.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_attempts"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(encrypt, decrypt)]
