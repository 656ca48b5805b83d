"""The ballot on a phone: tokens left at every touch, problems read aloud by a Spanish voice."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings.models import CastBallot
from gatherings.room import ballots
from gatherings.room.acts import act
from issues.models import Issue
from tests.browser.room.test_room_count import evening, shot  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
# Headless browsers have no voices: one that notes what it was asked to say, and one that speaks English only.
VOICE = """(lang) => {
  const said = [];
  const synthesis = new EventTarget();
  Object.assign(synthesis, {
    said, speaking: false,
    getVoices: () => [{ lang }],
    speak: ({ text, lang: spoken }) => { said.push([text, spoken]); synthesis.speaking = true; },
    cancel: () => { synthesis.speaking = false; },
  });
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


@pytest.fixture
def code(evening) -> str:  # noqa: F811
    """A vote by phones on seven problems, and one printed code."""
    facilitator = evening.facilitator

    def do(action, **body):
        act(evening.pk, facilitator, action, {"key": str(uuid.uuid4()), **body})

    (made,) = ballots.make_codes(evening, 1)
    do("open")
    do("attendance", organisation=None, people=12, voters=None)
    do("mode", mode="phones")
    for issue in Issue.objects.all():
        do("ballot-add", issue=str(issue.pk))
    do("start")
    return made


def speaking(page, lang: str):
    page.add_init_script(f"({VOICE})({lang!r})")
    return page


def test_tokens_left_are_told_at_every_touch_and_the_vote_counts(make_page, code, shot):  # noqa: F811
    page = make_page(PHONE)
    page.goto(reverse("vote", args=[code]))
    lines = page.locator(".vote-line")
    expect(page.get_by_text("Te quedan 5 fichas.")).to_be_visible()
    for place, amount, told in [
        (0, "2", "Te quedan 3 fichas."),
        (1, "2", "Te queda 1 ficha."),
        (2, "2", "Pusiste 1 de más"),
        (2, "1", "Ya pusiste todas tus fichas."),
    ]:
        lines.nth(place).get_by_label(amount, exact=True).check()
        expect(page.get_by_text(told)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Leer en voz alta")).to_have_count(0)
    shot(page, "telefono")
    page.get_by_role("button", name="Enviar mi voto").click()
    expect(page.get_by_text("Tu voto")).to_be_visible()
    assert sorted(CastBallot.objects.get().choices.values()) == [1, 2, 2]


def test_a_problem_is_read_aloud_by_a_spanish_voice_and_once_more_ends_it(make_page, code, shot):  # noqa: F811
    page = speaking(make_page(PHONE), "es-CL")
    page.goto(reverse("vote", args=[code]))
    first = page.locator(".vote-line").first
    title = first.locator("strong").inner_text()
    first.get_by_role("button", name="Leer en voz alta").click()
    shot(page, "telefono-voz")
    ((said, lang),) = page.evaluate("speechSynthesis.said")
    assert said.startswith(title + ". ")
    assert lang == "es-CL"
    first.get_by_role("button", name="Leer en voz alta").click()
    assert page.evaluate("[speechSynthesis.said.length, speechSynthesis.speaking]") == [1, False]


def test_without_a_spanish_voice_nothing_offers_to_read(make_page, code):
    page = speaking(make_page(PHONE), "en-US")
    page.goto(reverse("vote", args=[code]))
    expect(page.get_by_text("Te quedan 5 fichas.")).to_be_visible()
    expect(page.get_by_role("button", name="Leer en voz alta")).to_have_count(0)


def test_the_wall_reads_its_ballot_aloud(make_page, code, evening, shot):  # noqa: F811
    wall = speaking(make_page(), "es-ES")
    wall.goto(reverse("gathering-room", args=[evening.pk]) + "?vista=proyector")
    wall.get_by_role("button", name="Leer").first.click()
    shot(wall, "proyector-voz")
    ((said, _lang),) = wall.evaluate("speechSynthesis.said")
    assert said.split(". ")[0] == wall.locator('[data-list="vote"] strong').first.inner_text()
