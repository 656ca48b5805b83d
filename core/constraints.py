"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from core.letters import INVISIBLE


def can_be_seen(field: str, name: str) -> CheckConstraint:
    """A title or a name that is not made of blanks and letters nobody sees."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__regex": f"[^{INVISIBLE}]"}),
        violation_error_message=_("Escribe algo que se vea."),
    )
