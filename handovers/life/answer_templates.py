"""Answer templates: placeholders become the words of one problem; unknown ones stay as they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.utils import timezone

from handovers.models import HandoverItem, ResponseTemplate

PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")


PLACEHOLDERS = (
    "{folio}", "{problema}", "{barrio}", "{direccion}", "{fecha}", "{lugar}", "{ronda}", "{compromiso}",
)  # fmt: skip


def worded(text: str, item: HandoverItem, committed: dt.date | None = None) -> str:
    """The text with its PLACEHOLDERS filled in; `committed` is a date that is only now being committed."""
    words = words_of(item)
    if committed:
        words["compromiso"] = committed.strftime("%d-%m-%Y")
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def words_of(item: HandoverItem) -> dict[str, str]:
    """What each placeholder stands for."""
    return {
        "folio": item.issue.reference,
        "problema": item.issue.title,
        "barrio": item.issue.territory.name if item.issue.territory else "",
        "direccion": item.department.name,
        "fecha": timezone.localdate().strftime("%d-%m-%Y"),
        "lugar": str(item.place) if item.place else "",
        "ronda": str(item.round) if item.round else "",
        "compromiso": item.committed_date.strftime("%d-%m-%Y") if item.committed_date else "",
    }


def offered_for(item: HandoverItem) -> list[dict[str, str]]:
    """The fitting templates with their text as it would read."""
    return [
        {"name": template.name, "text": worded(template.text, item)}
        for template in ResponseTemplate.objects.fitting(item)
    ]


def offered_for_many(items: Sequence[HandoverItem]) -> list[dict[str, str]]:
    """The templates that fit each of some problems, with their placeholders still open."""
    kinds = {(item.department_id, item.issue.category_id, item.issue.status): item for item in items}
    fitting = [set(ResponseTemplate.objects.fitting(item)) for item in kinds.values()]
    shared = set.intersection(*fitting) if fitting else set()
    return [{"name": each.name, "text": each.text} for each in sorted(shared, key=lambda each: each.name)]
