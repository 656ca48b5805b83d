"""The acta on paper: its structure for a voice, its edges, its letters, its time."""

from __future__ import annotations

import re
import time
import zlib

import pytest
from django.urls import reverse

from core.models import KeptPaper
from gatherings.acta import challenges
from gatherings.acta import document as actas
from gatherings.acta.views import pdf_of
from issues.models import Issue
from territories import pdf
from territories.glyphs import SQUARE, drawable

ODD = {
    "Árbol 🌳 caído 👩\u200d👩\u200d👧 👍🏽": f"Árbol {SQUARE} caído {SQUARE} {SQUARE}",
    "Pen\u0303alole\u0301n": "Pen\u0303alole\u0301n",
    "شارع المدرسة": "شارع المدرسة",
    "路灯坏了": SQUARE,
    "𝕸𝖆𝖕𝖆": "Mapa",
    "Küme mogen «ñ» – — … º ½": "Küme mogen «ñ» – — … º ½",
    "al \u202esévér\u202c": "al sévér",
    "priv\ue000ado": f"priv{SQUARE}ado",
}


@pytest.fixture
def noted(closed, do):
    """A draft with one of each kind of minute."""
    do("note", kind="agreement", text="Limpiar la plaza", office="DAOGA", due="2026-12-24")
    do("note", kind="dissent", text="El pasaje 3 quería la luminaria primero")
    do("note", kind="declined", text="Cerrar el pasaje", reason="es una vía pública")
    return closed


def paper(gathering):
    """The PDF as text with its compressed parts opened."""
    pdf = pdf_of(actas.acta_of(gathering))
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


def pages_of(text):
    return len(re.findall(r"/Type\s*/Page\b", text))


def spoken(text):
    """A text of the PDF as UTF-16 in hexadecimal."""
    return "feff" + text.encode("utf-16-be").hex()


def test_the_document_says_its_language_its_title_and_that_it_is_tagged(noted):
    text = paper(noted)
    assert "/Lang (es-CL)" in text
    assert "/ViewerPreferences <</DisplayDocTitle true>>" in text
    assert "/MarkInfo <</Marked true>>" in text
    assert spoken("Acta de la reunión N.º 1, Norte") in text
    assert "/Tabs /S" in text


def test_a_voice_reads_one_title_then_sections_figures_and_tables_with_their_heads(noted):
    text = paper(noted)
    order = re.findall(r"/Type /StructElem/S /(\w+)", text)
    assert order.count("H1") == 1
    assert [kind for kind in order if kind in ("H1", "H2", "Figure", "Table")] == [
        "H1", "Figure", "H2", "H2", "H2", "Figure", "H2", "Table", "H2", "H2", "H2",
    ]  # fmt: skip
    heads = set(re.findall(r"/S /TH/.*?/ID \((.*?)\)", text))
    cells = re.findall(r"/S /TD/.*?/Headers \[\((.*?)\)\]", text)
    assert len(heads) == 6
    assert len(cells) == order.count("TD") == 7 * 6
    assert set(cells) == heads


def test_both_figures_have_words(noted):
    text = paper(noted)
    assert (
        len(re.findall(r"/S /Figure/K \[\d+\]/Pg \d+ 0 R/P \d+ 0 R/A <<[^>]*>>/Alt (?:<feff|\()", text)) == 2
    )
    assert text.count("/S /Figure/") == 2
    assert "/Alt (Mapa del barrio con el lugar que obtuvo cada problema)" in text


def test_an_acta_of_forty_notes_takes_two_pages_at_most(closed, do):
    for n in range(40):
        do("note", kind="dissent", text=f"{n} punto breve")
    assert pages_of(paper(closed)) <= 2


@pytest.mark.parametrize("text", ["largo " * 80, "w" * 490, "🌳" * 490])
def test_the_longest_acta_stays_on_nine_pages(closed, do, text):
    for n in range(40):
        do("note", kind="agreement", text=f"{n} {text}"[:490], office="O" * 100, due="2026-12-24")
    assert 2 <= pages_of(paper(closed)) <= 9


@pytest.mark.parametrize("name", ["room/acta", "lists/list-print", "desk/desk-list"])
def test_a_word_without_end_is_broken_and_stays_on_the_sheet(name):
    page = f"<table><tr><td class=number>1<td>{'w' * 140}<td class=number>2</table><ul><li>{'M' * 300}</ul>"
    (first,) = pdf.laid_out(page, f"css/{name}.css").pages
    edges = [box.position_x + box.width for box in first._page_box.descendants() if hasattr(box, "text")]
    assert len(edges) > 4
    assert max(edges) < first.width - 30


@pytest.mark.parametrize(("text", "drawn"), ODD.items())
def test_what_the_font_lacks_is_one_square_and_no_sign_of_the_font(closed, seven, caplog, text, drawn):
    assert drawable(text) == drawn
    Issue.objects.filter(pk=seven[0].pk).update(title=text)
    paper(closed)
    assert [record.getMessage() for record in caplog.records if "notdef" in record.getMessage()] == []


def bytes_of(client, gathering) -> bytes:
    return client.get(reverse("gathering-acta-pdf", args=[gathering.pk])).content


def test_an_acta_that_was_published_is_rendered_once_and_kept(client, noted):
    for state in ("read", "signed", "published"):
        actas.go_on(noted, state)
    first = bytes_of(client, noted)
    began = time.process_time()
    assert bytes_of(client, noted) == first
    assert time.process_time() - began < 0.3
    assert KeptPaper.objects.count() == 1


def test_it_is_reissued_when_a_text_is_hidden_and_its_digest_stays(client, noted, seven):
    for state in ("read", "signed", "published"):
        actas.go_on(noted, state)
    digest, first = actas.acta_of(noted).digest, bytes_of(client, noted)
    Issue.objects.filter(pk=seven[0].pk).update(visibility="hidden", hidden_reason="nombra a una persona")
    assert bytes_of(client, noted) != first
    assert actas.acta_of(noted).digest == digest
    assert KeptPaper.objects.count() == 1


def test_a_draft_is_not_kept(client, noted, facilitator):
    client.force_login(facilitator)
    assert bytes_of(client, noted)
    assert not KeptPaper.objects.exists()


def test_a_correction_and_an_objection_are_told_by_the_next_paper(client, noted, junta, cabinet, facilitator):
    actas.go_on(noted, "read")
    client.force_login(facilitator)
    papers = {bytes_of(client, noted)}
    actas.correct(noted, "Falta un acento en la plaza", facilitator)
    papers.add(bytes_of(client, noted))
    challenges.file(noted, junta.pk, "Las fichas no se contaron bien", cabinet)
    papers.add(bytes_of(client, noted))
    assert len(papers) == 3
