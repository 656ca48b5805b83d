"""The ballot in large print: what stands on it, in which order, and who may print it."""

from __future__ import annotations

import os
import re
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.urls import reverse

from gatherings.room import paper_ballot
from issues.catalogue import ICONS
from issues.models import Issue, Visibility


def opened(pdf: bytes) -> str:
    """The PDF with its compressed parts opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    parts = [pdf]
    for stream in streams:
        with suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts).decode("latin-1")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(r"/Type\s*/Page\b", opened(pdf)))


def test_it_has_the_problems_in_the_order_of_the_screen_with_number_drawing_and_boxes(voting):
    context = paper_ballot.context_of(voting)
    order = list(voting.ballot.order_by("shown_at").values_list("issue__title", flat=True))
    assert [line["title"] for line in context["lines"]] == order
    assert all(line["drawing"].startswith("data:image/svg+xml;base64,") for line in context["lines"])
    assert (len(context["boxes"]), context["is_short"]) == (voting.tokens_per_issue, False)


def test_before_the_vote_it_is_twelve_numbered_lines_to_copy_beforehand(gathering):
    context = paper_ballot.context_of(gathering)
    assert [line["title"] for line in context["lines"]] == [""] * 12
    assert len(context["boxes"]) == 2
    assert pages_of(paper_ballot.as_pdf(gathering)) == 1


def test_a_hidden_problem_keeps_its_line_and_loses_its_words(voting, seven):
    Issue.objects.filter(pk=seven[0].pk).update(visibility=Visibility.STAFF)
    lines = paper_ballot.context_of(voting)["lines"]
    assert len(lines) == 7
    assert seven[0].title not in [line["title"] for line in lines]
    assert [line["drawing"] for line in lines].count("") == 1


def test_it_is_one_tagged_page(voting):
    pdf = paper_ballot.as_pdf(voting)
    if folder := os.environ.get("PICTURES"):
        Path(folder, "papeleta.pdf").write_bytes(pdf)
    assert pages_of(pdf) == 1
    assert "/StructTreeRoot" in opened(pdf)
    assert "/Lang" in opened(pdf)


@pytest.mark.parametrize("icon", sorted({*ICONS.values(), "other"}))
def test_each_family_of_categories_has_a_drawing(icon):
    assert paper_ballot.drawing(icon)


@pytest.mark.parametrize("icon", ["", "nothing", '"', "street.*"])
def test_what_has_no_drawing_has_none(icon):
    assert paper_ballot.drawing(icon) == ""


def test_who_conducts_prints_it(client, gathering, facilitator, other_facilitator):
    address = reverse("gathering-ballot", args=[gathering.pk])
    for who, status in ((other_facilitator, 404), (facilitator, 200)):
        client.force_login(who)
        answer = client.get(address)
        assert answer.status_code == status
    assert answer["Content-Type"] == "application/pdf"
