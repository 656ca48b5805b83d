"""The input of a bulk run: stored with it, and worded for each problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.db.models import Model

from accounts.models import Department, User
from handovers.life.answer_templates import worded
from handovers.models import HandoverItem
from issues.models import Issue

# How each kind of value is restored.
READ: dict[str, Callable[[object], object]] = {
    "committed_date": lambda text: dt.date.fromisoformat(str(text)),
    "department": lambda key: Department.objects.filter(pk=str(key)).first(),
    "person": lambda key: User.objects.filter(pk=str(key)).first(),
    "duplicate_of": lambda key: Issue.objects.filter(pk=str(key)).first(),
    "into": lambda key: Issue.objects.filter(pk=str(key)).first(),
}
PUBLIC = "public_text"


def stored(data: Mapping[str, object]) -> dict[str, object]:
    """The cleaned data of a form as JSON values: days as text, rows by their key."""
    return {name: _plain(value) for name, value in data.items()}


def restored(kept: Mapping[str, object]) -> dict[str, object]:
    """The cleaned data of a form, back from `stored`."""
    return {
        name: READ[name](value) if name in READ and value is not None else value
        for name, value in kept.items()
    }


def worded_for(item: HandoverItem, data: Mapping[str, object]) -> dict[str, object]:
    """The same for one problem: the placeholders in its public text are filled in."""
    words = dict(data)
    if words.get(PUBLIC):
        day = words.get("committed_date")
        words[PUBLIC] = worded(str(words[PUBLIC]), item, day if isinstance(day, dt.date) else None)
    return words


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, dt.date) else value
