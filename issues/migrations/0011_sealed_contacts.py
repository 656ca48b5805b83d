"""Who reported a problem stands encrypted in the database."""

from collections.abc import Callable

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import accounts.sealed_fields
from core.together import sealing

COLUMNS = ("name", "email", "phone")


def seal_all(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rewrite(schema_editor, lambda text: sealing.seal(text, sealing.CONTACT))


def unseal_all(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rewrite(schema_editor, lambda text: sealing.unseal(text, sealing.CONTACT))


def _rewrite(schema_editor: BaseDatabaseSchemaEditor, change: Callable[[str], str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, email, phone, id FROM issues_reporter")
        rows = [(*(change(text) if text else text for text in texts), pk) for *texts, pk in cursor.fetchall()]
        cursor.executemany("UPDATE issues_reporter SET name = %s, email = %s, phone = %s WHERE id = %s", rows)


def sealed(name: str, verbose: str, most: int) -> migrations.AlterField:
    field = accounts.sealed_fields.SealedField(blank=True, max_length=most, verbose_name=verbose)
    return migrations.AlterField("reporter", name, field)


class Migration(migrations.Migration):
    dependencies = [("issues", "0010_hidings")]

    operations = [
        sealed("name", "nombre", 120),
        sealed("email", "correo", 254),
        sealed("phone", "teléfono", 40),
        migrations.RunPython(seal_all, unseal_all),
    ]
