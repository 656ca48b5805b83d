"""Columns that are encrypted: whoever reads the database, or a stolen backup, reads nothing of them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from core.together import sealing


class SealedField(models.TextField):
    """Text kept as a Fernet token; it is read as it was written, and found by no query.

    Reading raises cryptography.fernet.InvalidToken when its key is neither SECRET_KEY nor a fallback.
    """

    def get_prep_value(self, value: Any) -> Any:
        """What the database gets; an empty text stays empty."""
        text = super().get_prep_value(value)
        return sealing.seal(text, sealing.CONTACT) if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """What the program gets."""
        return sealing.unseal(value, sealing.CONTACT) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """None but «isnull»: each token is another one, even of the same text."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def reseal_columns() -> int:
    """Encrypt every sealed column anew with the newest key; returns how many rows. Raises InvalidToken."""
    return sum(_resealed(model) for model in apps.get_models() if _sealed_names(model))


def _resealed(model: type[models.Model]) -> int:
    rows = list(model._default_manager.all())
    for row in rows:
        row.save(update_fields=_sealed_names(model))
    return len(rows)


def _sealed_names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)]
