"""Answer templates: placeholders become the words of one problem; unknown ones stay as they are."""

from __future__ import annotations

import re

from django.utils import timezone

from handovers.models import HandoverItem, ResponseTemplate

PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")


def worded(text: str, item: HandoverItem) -> str:
    """The text with {folio}, {problema}, {barrio}, {direccion}, {fecha}, {lugar}, {ronda} filled in."""
    words = words_of(item)
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
