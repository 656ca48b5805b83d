"""A mail server that takes calls and says nothing: no page knows of it, for no page ever calls it.

Counted, not timed: the server notes each connection, and a page that made none cannot wait for it.
"""

from __future__ import annotations

import pytest

from core.models import Letter, LetterState
from core.outbox import NotSent, deliver
from core.outbox import post as write
from tests.maps.addresses import routes

WAITING = 16
# Each is answered with a letter.
ASKING = {
    "follow a problem": ("/seguir/problema/{}/", {"email": "vecina@example.cl"}),
    "follow a neighbourhood": ("/seguir/barrio/norte/", {"email": "vecina@example.cl"}),
}


@pytest.fixture
def silent(post):
    """Sixteen letters wait for a server that accepts and stays silent."""
    post.is_silent = True
    for number in range(WAITING):
        write(f"vecina{number}@example.cl", "Novedades", "Hola")
    return post


def plain_addresses() -> list[str]:
    """Every address without a value in it."""
    return sorted({f"/{route.lstrip('/')}" for route in routes() if "<" not in route and "(?P" not in route})


@pytest.mark.parametrize("who", [None, "facilitator", "manager", "cabinet", "administrator"])
def test_every_page_answers_and_none_calls_the_mail_server(client, issue, silent, request, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    walked = plain_addresses()
    statuses = {address: client.get(address).status_code for address in walked}
    assert [address for address, status in statuses.items() if status >= 500] == []
    assert len(walked) > 30
    assert silent.calls == 0


@pytest.mark.parametrize("name", ASKING)
def test_what_writes_a_letter_answers_and_leaves_it_to_the_worker(client, issue, silent, name):
    address, words = ASKING[name]
    assert client.post(address.format(issue.reference), words).status_code < 400
    assert Letter.objects.on_their_way().count() == WAITING + 1
    assert silent.calls == 0


def test_the_count_finds_whoever_calls(silent, settings):
    """The worker does: had a page done what it does, it would have been counted."""
    settings.EMAIL_TIMEOUT = 0.2
    with pytest.raises(NotSent):
        deliver(Letter.objects.first().pk)
    assert silent.calls == 1
    assert Letter.objects.filter(state=LetterState.WAITING).count() == WAITING
