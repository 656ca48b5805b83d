"""The check of a gathering's file in the browser: the same sentences as the program in Python."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings import verify
from tests.browser.room.test_room_count import shot  # noqa: F401
from tests.gatherings.acta import tampered
from tests.gatherings.acta.tampered import CASES
from tests.gatherings.conftest import (  # noqa: F401
    again,
    closed,
    counter,
    do,
    gathering,
    junta,
    make_gathering,
    seven,
    voting,
)

pytestmark = pytest.mark.django_db(transaction=True)

TELL = """async ([bytes, sentences]) => {
  const { findingsOf } = await import("/static/js/data/room/acta-check.js");
  return findingsOf(new Uint8Array(bytes)).map(([code, facts]) =>
    sentences[code].replace(/\\{(\\w+)\\}/g, (_, name) => String(facts[name])));
}"""


def test_the_browser_says_of_every_tampered_file_what_python_says(page, town):
    page.goto(reverse("gathering-demo"))
    evenings = [tampered.fitted(made()) for made in tampered.HONEST]
    files = [tampered.written(evening) for evening in evenings] + [case.make() for case in CASES]
    for content in files:
        assert page.evaluate(TELL, [list(content), verify.SENTENCES]) == verify.sentences(content)


def test_a_neighbour_checks_the_published_evening_and_a_forged_copy(page, closed, shot, tmp_path):  # noqa: F811
    page.goto(reverse("gathering", args=[closed.pk]))
    page.get_by_role("link", name="Comprobarlo").click()
    page.get_by_role("button", name="publicada aquí").click()
    expect(page.locator("#verdict")).to_have_text("Todo lo comprobado se cumple.")
    expect(page.get_by_text("Los totales se anotaron dos veces")).to_be_visible()
    shot(page, "comprobar-reunion")
    content = page.request.get(reverse("gathering-json", args=[closed.number])).body()
    forged = tmp_path / "acta.json"
    forged.write_bytes(content.replace(b'"tokens":14', b'"tokens":15', 1))
    page.locator("#files").set_input_files(forged)
    expect(page.locator("#verdict")).to_have_text("No se cumple.")
    expect(page.get_by_text("La huella no corresponde")).to_be_visible()
