"""The result of a gathering as a document that anyone can check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.typing import present
from gatherings.models import BallotItem, Gathering
from gatherings.tokens import support
from issues.index import display
from issues.models import Issue

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def canonical(document: Mapping[str, object] | Sequence[object]) -> str:
    """JSON with sorted keys, no spaces and plain Unicode: the same bytes everywhere."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Shown(TypedDict):
    """Whether everyone may read what a problem is called."""

    is_public: bool


ShownItem: TypeAlias = "WithAnnotations[BallotItem, Shown]"


@dataclass(frozen=True)
class ResultLine:
    """One row of the public result; `point` is what the map shows, None for a hidden problem."""

    place: int
    title: str
    reference: str
    tokens: int
    people: int | None
    support: float
    index: Decimal | None
    point: dict[str, object] | None


def result_lines(gathering: Gathering) -> list[ResultLine]:
    """The rows of a closed gathering from first to last; a hidden problem keeps its place, not its words."""
    public = Exists(Issue.objects.public().filter(pk=OuterRef("issue_id")))
    items = gathering.ballot.filter(place__isnull=False).annotate(is_public=public).select_related("issue")
    return [_result_line(gathering, item) for item in items.order_by("place")]


def has_tie(counts: Iterable[tuple[int | None, int | None]]) -> bool:
    """Whether tokens and people (in this order) alone do not decide some place."""
    values = list(counts)
    return len(set(values)) < len(values)


def _result_line(gathering: Gathering, item: ShownItem) -> ResultLine:
    issue, shown, tokens = item.issue, item.is_public, present(item.tokens)
    return ResultLine(
        place=present(item.place),
        title=issue.title if shown else _("Problema que ya no es público"),
        reference=issue.reference if shown else "",
        tokens=tokens,
        people=item.people,
        support=round(100 * float(support(tokens, gathering.voters, gathering.tokens_each)), 1),
        index=None if item.index_then is None else display(item.index_then),
        point=_point(item) if shown else None,
    )


def _point(item: BallotItem) -> dict[str, object]:
    at = item.issue.location
    return {"place": item.place, "title": item.issue.title, "lat": round(at.y, 6), "lng": round(at.x, 6)}
