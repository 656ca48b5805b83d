"""Photos go together where the link bears it, one after another where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.walk.conftest import picture, three_checks

SMALL = (160, 120)


@pytest.fixture
def at_once(walker) -> Callable[[], int]:
    """How many photos were on their way together at the most."""
    seen = {"now": 0, "most": 0}

    def begin(request) -> None:
        if request.method == "PUT":
            seen["now"] += 1
            seen["most"] = max(seen.values())

    def end(request) -> None:
        seen["now"] -= request.method == "PUT"

    walker.context.on("request", begin)
    walker.context.on("requestfinished", end)
    walker.context.on("requestfailed", end)
    return lambda: seen["most"]


def captured(walker, count: int) -> None:
    walker.offline()
    for seed in range(count):
        walker.capture(f"Hoyo {seed}", picture(SMALL, seed))


def test_after_a_brisk_answer_three_photos_go_together(walker, at_once):
    captured(walker, 4)
    walker.online().delivered()
    assert at_once() == 3
    three_checks(walker, photos=4)


def test_on_a_slow_link_each_photo_has_it_for_itself(walker, proxy, at_once):
    proxy.spoil("slow", path="/api/v1/sync/photos/", method="PUT", times=1_000, rate=1_000)
    captured(walker, 3)
    walker.online().delivered(seconds=60)
    assert at_once() == 1
    three_checks(walker, photos=3)


def test_one_lost_among_three_comes_again_and_the_others_only_once(walker, proxy, at_once):
    captured(walker, 4)
    ids = sorted(photo["id"] for photo in walker.tablet()["photos"])
    fault = proxy.spoil("reset_after", path=f"/api/v1/sync/photos/{ids[-1]}", method="PUT")
    walker.online().delivered()
    assert fault.seen == 1
    three_checks(walker, photos=4)
    puts = [path for method, path, _status in proxy.log if method == "PUT"]
    assert len(puts) == 5
