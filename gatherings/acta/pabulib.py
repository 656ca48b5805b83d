"""The evening as a Pabulib file (`.pb`), which programs for participatory budgeting read.

Written from the sealed file: problems by reference, ballots by content. Each problem costs one and the budget
is the first five places, so that the rule «most tokens first» selects what the room put first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from gatherings.verify import FIRST_PLACES

Row = tuple[object, ...]
# What the format knows for «nothing».
NOTHING = "none"


def text_of(document: dict[str, Any]) -> str | None:
    """The file; None where ballots were not counted one by one, or were too few to be told."""
    if document["ballots"] is None:
        return None
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\n")
    table.writerows([("META",), ("key", "value"), *_meta(document).items()])
    table.writerows(
        [("PROJECTS",), ("project_id", "cost", "votes", "score", "selected"), *_projects(document)]
    )
    table.writerows([("VOTES",), ("voter_id", "vote", "points"), *_votes(document["ballots"])])
    return written.getvalue()


def _meta(document: dict[str, Any]) -> dict[str, object]:
    day = document["closed"][:10]
    where = document["council"] or f"barrio {document['territory']}"
    return {
        "description": f"Reunión N.º {document['number']}, {where}, {day}",
        "country": "Chile",
        "unit": where,
        "instance": f"{document['number']}",
        "num_projects": len(document["places"]),
        "num_votes": len(document["ballots"]),
        "budget": min(FIRST_PLACES, len(document["places"])),
        "rule": "greedy",
        "vote_type": "cumulative",
        "date_begin": day,
        "date_end": day,
        "max_points": document["tokens_per_issue"],
        "max_sum_points": document["tokens_each"],
        "comment": f"SHA-256 {document['digest']}",
    }


def _projects(document: dict[str, Any]) -> Iterable[Row]:
    for row in document["places"]:
        selected = int(row["place"] <= FIRST_PLACES)
        yield row["reference"], 1, row["people"], row["tokens"], selected


def _votes(ballots: Iterable[dict[str, int]]) -> Iterable[Row]:
    for number, ballot in enumerate(ballots, 1):
        vote, points = ",".join(ballot), ",".join(map(str, ballot.values()))
        yield number, vote or NOTHING, points or NOTHING
