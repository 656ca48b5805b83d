"""What a person saw when a form was filled in, and what of it has changed since.

A view says with `watched` which facts its forms depend on. Each form carries their digests, signed. Facts
that differ when it arrives are told to the person, with the office that changed them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.utils import display_for_field, flatten_fieldsets
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

SALT = "core.together.seen"
MAX_SHOWN = 120
View = Callable[..., Any]
Marked = TypeVar("Marked", bound=View)


@dataclass(frozen=True)
class Fact:
    """One thing a form depends on: its name, its value, how it reads now, and who changed it last."""

    what: str | Promise
    value: object
    now: str = ""
    who: str = ""

    @property
    def digest(self) -> str:
        """Enough of a digest to see that it is another value; the value itself does not go into the page."""
        return hashlib.sha256(repr(self.value).encode()).hexdigest()[:12]


Watch = Callable[..., Iterable[Fact]]


def watched(watch: Watch) -> Callable[[Marked], Marked]:
    """Let the forms of a view depend on facts; `watch` gets what the view gets."""

    def mark(view: Marked) -> Marked:
        vars(view)["watch"] = watch
        return view

    return mark


def facts_of(request: HttpRequest, view: View, kwargs: dict[str, object]) -> list[Fact]:
    """The facts a view's forms depend on, as they are now."""
    watch = getattr(view, "watch", None)
    if watch:
        return list(watch(request, **kwargs))
    model_admin = getattr(view, "model_admin", None)
    return _of_row(request, model_admin, kwargs.get("object_id")) if model_admin else []


def token_of(facts: Iterable[Fact]) -> str:
    """What the form carries."""
    return signing.dumps({str(fact.what): fact.digest for fact in facts}, salt=SALT)


def changed(facts: Iterable[Fact], token: str) -> list[Fact]:
    """Those that are not what they were; all of them when the token cannot be read."""
    try:
        seen = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        seen = {}
    return [fact for fact in facts if seen.get(str(fact.what)) != fact.digest]


def signature(office: str, at: dt.datetime | None) -> str:
    """Who and when, as a sentence about a change shows them."""
    return f"{office}, {timezone.localtime(at):%d-%m-%Y %H:%M}" if office else ""


def _of_row(request: HttpRequest, model_admin: ModelAdmin, key: object) -> list[Fact]:
    row = model_admin.get_object(request, str(key)) if key else None
    if row is None:
        return []
    who = _last_editor(row)
    fields = (_field(row, name) for name in _editable(request, model_admin, row))
    return [_fact(row, field, who) for field in fields if field]


def _editable(request: HttpRequest, model_admin: ModelAdmin, row: Model) -> list[str]:
    hidden = {*model_admin.get_readonly_fields(request, row), "password"}
    if not model_admin.has_change_permission(request, row):
        return []
    return [name for name in flatten_fieldsets(model_admin.get_fieldsets(request, row)) if name not in hidden]


def _field(row: Model, name: str) -> Field | None:
    try:
        found = row._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _fact(row: Model, field: Field, who: str) -> Fact:
    value = field.value_from_object(row)
    if field.many_to_many:
        value = sorted(str(each.pk) for each in value)
        shown = ", ".join(map(str, getattr(row, field.name).all()))
    elif field.is_relation:
        shown = str(getattr(row, field.name) or "—")
    else:
        shown = str(display_for_field(value, field, "—"))
    return Fact(field.verbose_name, str(value), shown[:MAX_SHOWN], who)


def _last_editor(row: Model) -> str:
    lines = LogEntry.objects.filter(content_type__model=row._meta.model_name, object_id=str(row.pk))
    line = lines.select_related("user").order_by("-pk").first()
    return signature(getattr(line.user, "office", ""), line.action_time) if line else ""
