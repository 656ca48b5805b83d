"""The acta: what it tells, its four states, its corrections, its tagged PDF."""

from __future__ import annotations

import hashlib
import re
import time
import zlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from gatherings.acta import document as actas
from gatherings.acta.views import pdf_of
from gatherings.models import Acta, Addendum
from gatherings.refusals import RoomRefused
from issues.models import Issue

STRANGER, OWN, OTHER, OFFICE, CABINET = "stranger", "facilitator", "other_facilitator", "manager", "cabinet"


@pytest.fixture
def come(client, request):
    def enter(who: str):
        if who != STRANGER:
            client.force_login(request.getfixturevalue(who))
        return client

    return enter


@pytest.fixture
def read(closed, do):
    """An acta with an agreement, a dissent and something declined, read aloud."""
    do("note", kind="agreement", text="Limpiar la plaza", office="DAOGA", due="2026-12-24")
    do("note", kind="dissent", text="El pasaje 3 quería la luminaria primero")
    do("note", kind="declined", text="Cerrar el pasaje", reason="es una vía pública")
    return actas.go_on(closed, "read")


def url(gathering, name="gathering-acta"):
    return reverse(name, args=[gathering.pk])


def test_there_is_no_acta_before_the_close(voting):
    with pytest.raises(RoomRefused, match="conteo está cerrado"):
        actas.acta_of(voting)


@pytest.mark.parametrize("start", ["draft", "read", "signed", "published"])
@pytest.mark.parametrize("to", ["draft", "read", "signed", "published", "burnt", ""])
def test_the_states_go_in_one_direction_only(closed, start, to):
    order = ["draft", "read", "signed", "published"]
    for state in order[1 : order.index(start) + 1]:
        actas.go_on(closed, state)
    forward = to in order and order.index(to) == order.index(start) + 1
    same = to == start != "draft"
    if forward or same:
        assert actas.go_on(closed, to).state == to
    else:
        with pytest.raises(RoomRefused, match="en orden"):
            actas.go_on(closed, to)


def test_reading_freezes_the_document_and_seals_it(read, do):
    assert read.digest == hashlib.sha256(read.document.encode()).hexdigest()
    with pytest.raises(RoomRefused, match="addendum"):
        do("note", kind="dissent", text="Algo más")
    with pytest.raises(RoomRefused, match="addendum"):
        do("strike", minute=1)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE gatherings_acta SET document = '{}'",
        "UPDATE gatherings_acta SET state = 'draft'",
        "UPDATE gatherings_acta SET state = 'published'",
        "DELETE FROM gatherings_acta",
        "UPDATE gatherings_minute SET text = 'otro'",
        "DELETE FROM gatherings_minute",
        "UPDATE gatherings_addendum SET text = 'otro'",
        "DELETE FROM gatherings_addendum",
    ],
)
def test_the_database_refuses_to_touch_what_was_read(read, closed, facilitator, sql):
    actas.correct(closed, "La plaza es la de la calle 2.", facilitator)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_draft_is_not_corrected_with_an_addendum(closed, facilitator):
    actas.acta_of(closed)
    with pytest.raises(RoomRefused, match="borrador"):
        actas.correct(closed, "x", facilitator)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_an_addendum_needs_words(read, closed, facilitator, text):
    with pytest.raises(RoomRefused, match=r"2\.000"):
        actas.correct(closed, text, facilitator)
    assert not Addendum.objects.exists()


def test_addenda_are_numbered_and_the_text_stays(read, closed, facilitator):
    before = read.document
    for text in ("Primera", "Segunda"):
        actas.correct(closed, text, facilitator)
    read.refresh_from_db()
    assert [addendum.number for addendum in read.addenda.all()] == [1, 2]
    assert read.document == before


@pytest.mark.parametrize("state", ["draft", "read", "signed", "published"])
@pytest.mark.parametrize("who", [STRANGER, OWN, OTHER, OFFICE, CABINET])
@pytest.mark.parametrize("name", ["gathering-acta", "gathering-acta-pdf"])
def test_who_reads_the_acta(come, closed, state, who, name):
    for step in ["read", "signed", "published"][: ["draft", "read", "signed", "published"].index(state)]:
        actas.go_on(closed, step)
    may = state == "published" or who == OWN
    assert come(who).get(url(closed, name)).status_code == (200 if may else 404)


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 404), (OWN, 302), (OTHER, 404), (OFFICE, 404), (CABINET, 404)]
)
@pytest.mark.parametrize("form", [{"to": "signed"}, {"addendum": "Falta un acento."}])
def test_who_takes_the_acta_further(come, read, closed, who, status, form):
    assert come(who).post(url(closed), form).status_code == status
    read.refresh_from_db()
    changed = read.state == "signed" or read.addenda.exists()
    assert changed == (status == 302)


def test_the_page_tells_everything_and_names_nobody(come, read, closed, seven):
    page = come(OWN).get(url(closed)).content.decode()
    for said in ("Limpiar la plaza", "DAOGA", "24-12-2026", "pasaje 3", "vía pública", "Vecinos N.º 4",
                 "60 repartidas, 59 contadas", "23,3 %", seven[0].reference, read.digest):  # fmt: skip
        assert said in page
    assert "facilitadora@" not in page


def test_where_tokens_and_people_do_not_decide_the_acta_and_the_page_say_what_does(
    come, do, voting, seven, again
):
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=8, people=4, tokens_before=None, people_before=None)
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close")
    actas.go_on(closed, "read")
    for page in (url(closed), reverse("gathering", args=[closed.pk])):
        assert "Con las mismas fichas y personas va primero" in come(OWN).get(page).content.decode()


def test_where_tokens_and_people_decide_nothing_more_is_said(come, read, closed):
    for page in (url(closed), reverse("gathering", args=[closed.pk])):
        assert "Con las mismas fichas" not in come(OWN).get(page).content.decode()


def test_a_problem_that_is_hidden_later_leaves_the_acta_its_place_only(come, read, closed, seven):
    Issue.objects.filter(pk=seven[0].pk).update(visibility="hidden", hidden_reason="nombra a una persona")
    page = come(OWN).get(url(closed)).content.decode()
    assert "Problema 1<" not in page
    assert seven[0].reference not in page
    assert "Problema que ya no es público" in page


def test_the_pdf_is_tagged_on_one_page_and_quick(read, closed):
    pdf_of(Acta.objects.select_related("gathering__territory").get())
    began = time.process_time()
    pdf = pdf_of(Acta.objects.select_related("gathering__territory").get())
    assert time.process_time() - began < 3
    text = opened(pdf)
    assert "pdfuaid" in text
    assert "/MarkInfo" in text
    assert "/StructTreeRoot" in text
    assert "/Lang" in text
    assert len(re.findall(r"/Type\s*/Page\b", text)) == 1


def test_a_long_acta_takes_more_pages(closed, do):
    for n in range(40):
        do("note", kind="dissent", text=f"{n} " + "muy largo " * 45)
    assert len(re.findall(r"/Type\s*/Page\b", opened(pdf_of(actas.acta_of(closed))))) > 1


def test_the_acta_tells_the_promises_as_they_stood_that_evening(closed, reported):
    document = actas.document_of(closed)
    assert reported.reference not in [line["reference"] for line in document["commitments"]]


def opened(pdf: bytes) -> str:
    """The text of a PDF with its compressed streams opened."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")
