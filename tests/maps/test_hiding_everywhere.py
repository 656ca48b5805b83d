"""What is hidden is gone at the next request from every address, although each of them was asked before."""

from __future__ import annotations

import re

import pytest

from core.models import Letter
from handovers.acts.forwarding import forward
from handovers.models import HandoverItem
from issues.life.hiding import PUBLIC_SECONDS, decide, hide
from issues.models import Visibility
from tests.maps.addresses import addresses
from tests.maps.test_public_addresses import body
from tests.walks.conftest import Tablet

# Its digest is what everybody checks a list against: docs/decisions/hiding.md.
FROZEN = re.compile(r"/lista\.json$|/listas/\d+/verificar/$")


@pytest.fixture
def words(story) -> list[str]:
    """What only this problem says."""
    return [story.issue.title, "Caben dos personas", "Los Aromos 12", f'"/fotos/{story.photo.pk}']


def saying(client, walked, words) -> set[str]:
    """Addresses that say any of it."""
    return {address for address in walked if any(word in body(client.get(address)) for word in words)}


def test_every_address_forgets_it_at_once_and_shows_it_again(
    client, real, story, words, facilitator, cabinet
):
    walked = [address for address in addresses(real) if not FROZEN.search(address)]
    before = saying(client, walked, words)
    assert len(before) > 12
    hidden = hide(story.issue, "personal", actor=cabinet)
    assert saying(client, walked, words) == set()
    assert client.get(f"/fotos/{story.photo.pk}.jpg").status_code == 404
    decide(hidden, actor=facilitator, shows_again=True)
    assert saying(client, walked, words) == before


def test_its_place_on_the_list_stays(client, story, cabinet):
    hide(story.issue, "personal", actor=cabinet)
    page = client.get(f"/listas/{story.ranked_list.number}/").content.decode()
    assert "Problema oculto" in page
    assert story.issue.title not in page


def test_no_cache_keeps_what_is_public_for_longer_than_ten_seconds(client, real, story):
    kept = {}
    for address in addresses(real):
        found = re.search(r"public.*max-age=(\d+)", client.get(address).headers.get("Cache-Control", ""))
        if found and int(found[1]) > PUBLIC_SECONDS:
            kept[address.split("?")[0]] = int(found[1])
    # Streets, places and boundaries: no problem is in them.
    assert set(kept) <= {"/api/v1/map/orientation.json", "/api/v1/territories/", "/favicon.ico"}


def test_the_page_of_an_outside_body_ends(client, story, manager, cabinet):
    item = HandoverItem.objects.get(issue=story.issue)
    made = forward(item, manager, body="Aguas", email="aguas@example.cl", message="Por favor")
    letter = Letter.objects.get(address="aguas@example.cl")
    address = re.search(r"(/externo/[^\s/]+/)", letter.body)[1]
    assert client.get(address).status_code == 200
    hide(story.issue, "personal", actor=cabinet)
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "Ya fuimos"}).status_code == 404
    made.refresh_from_db()
    assert made.answered_at is None


def test_a_tablet_loses_it_at_its_next_contact(story, facilitator, cabinet):
    tablet = Tablet(facilitator)
    known = lambda: tablet.client.get("/api/v1/sync/reference/").content.decode()  # noqa: E731
    assert story.issue.reference in known()
    hide(story.issue, "personal", actor=cabinet)
    assert story.issue.reference not in known()
    story.issue.refresh_from_db()
    assert story.issue.visibility == Visibility.HIDDEN
