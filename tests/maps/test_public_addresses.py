"""Every address, walked as a stranger: no secret, no server error, no inline script or style."""

from __future__ import annotations

import re

import pytest

from issues.life.seal import seal_history
from issues.models import Issue
from tests.maps.addresses import addresses, names, uuid_names

HOSTILE = (
    "bbox=nan,nan,nan,nan", "bbox=inf,-inf,0,0", "bbox=", "bbox=1,2,3", "bbox=1,2,3,4,5",
    "bbox=-70,-33,-71,-34", "bbox=٣,٤,٥,٦", "bbox=-33.5,-70.8,-33.4,-70.7", "bbox=1e400,0,0,0",
    "zoom=nan", "zoom=-1", "zoom=99999999999999999999", "zoom=٣", "zoom=1.5",
    "territory=9223372036854775808", "territory=-1", "territory=%00", "territory=no-existe",
    "category=%27%3B+DROP+TABLE+issues_issue%3B--", "group=__all__", "status=closed,nada",
    "department__email=x", "ordering=created_by__password", "ordering=--index", "ordering=%00",
    "cursor=AAAA", "cursor=" + "x" * 5000, "cursor=%F0%9F%92%A9", "page_size=0", "page_size=-1",
    "page_size=9999999999999999999999", "min_index=NaN", "min_index=1e999", "min_index=-1",
    "q=%00", "q=" + "a" * 10_000, "q=%F0%9F%92%A9", "q=%ED%A0%80", "q=%25%25%25", "q=\\", "q='",
    "reported_from=0000-00-00", "reported_to=9999-12-31", "updated_from=ayer", "overdue=quiz%C3%A1s",
    "dialect=excel", "part=nada", "format=xml", "lat=nan&lng=nan", "lat=-33.5", "lat=-70.7&lng=-33.5",
    "track=nada", "origin=nada", "q=a&q=b&q=c", "&&&===", "next=//evil.example",
)  # fmt: skip

ODD = {
    "reference": ["M-2026-999999", "m", "M-2026-" + "9" * 60, "x_-1"],
    "id": ["nada", "M-2026-999999", "%00", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    "pk": ["nada", "9223372036854775808", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    "code": ["nada", "%00", "9" * 40],
    "slug": ["nada", "x" * 300],
    "number": ["0", "9223372036854775808", "9" * 40],
    "layer": ["issues", "territories"],
    "z": ["22", "99", "0"],
    "x": ["0", "9999999", "5"],
    "y": ["0", "9999999", "5"],
    "action": ["nada", "close"],
    "name": ["nada"],
    "track": ["nada", "gestion"],
}
ANYTHING = ["ffffffff-ffff-ffff-ffff-ffffffffffff", "0", "nada"]


@pytest.fixture
def secret_values(real, secrets) -> dict[str, list[str]]:
    """The same, with the references and ids of the problems nobody may see."""
    unseen = Issue.objects.exclude(pk__in=Issue.objects.public())
    ids = [str(pk) for pk in unseen.values_list("pk", flat=True)]
    references = list(unseen.values_list("reference", flat=True))
    return real | {
        "reference": real["reference"] + references,
        "id": real["id"] + ids + references,
        "identifier": real["identifier"] + ids,
        "name": [*real["name"], *["issues"] * len(ids)],
    }


def body(answer) -> str:
    """Everything an answer says, headers too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers}\n{content.decode('utf-8', 'replace')}"


def test_no_public_address_tells_a_secret(client, secret_values, secrets):
    seal_history()
    walked = addresses(secret_values)
    words = ["quillay", "canaria", "secret"]
    for address in [*walked, *(f"{path}?q={word}&part=list" for path in walked for word in words)]:
        text = body(client.get(address))
        assert [key for key, secret in secrets.items() if secret in text] == [], address
    assert len(walked) > 40


def test_the_canary_is_found_where_it_does_appear(client, cabinet, secret_values, secrets):
    client.force_login(cabinet)
    text = "".join(body(client.get(f"/problemas/{reference}/")) for reference in secret_values["reference"])
    assert secrets["hidden"] in text


def test_hostile_parameters_are_never_a_server_error(client, real):
    open_ones = [address for address in addresses(real) if client.get(address).status_code == 200]
    tried = [f"{address}?{query}" for address in open_ones for query in HOSTILE]
    assert [address for address in tried if client.get(address).status_code >= 500] == []
    assert len(open_ones) > 25


def test_odd_names_are_never_a_server_error(client, town):
    values = {name: ANYTHING[:1] if name in uuid_names() else ANYTHING[1:] for name in names()} | ODD
    tried = addresses(values)
    assert [
        address for address in tried if client.get(address).status_code >= 500 and address != "/readyz"
    ] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_strangers_change_nothing(client, real, method):
    answers = {address: getattr(client, method)(address).status_code for address in addresses(real)}
    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert {address for address, status in answers.items() if status in (201, 204)} == set()


INLINE = re.compile(
    r"<[^>]+\sstyle\s*=|<[^>]+\son[a-z]+\s*=|<style|javascript:|<script(?![^>]*\s(?:src|type=\"application/json\"))",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//(?!testserver)", re.IGNORECASE)


def test_pages_have_no_inline_code_and_ask_nobody_outside(client, real):
    pages = 0
    for address in addresses(real):
        answer = client.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html, pages = body(answer), pages + 1
        assert INLINE.findall(html) == [], address
        assert OUTSIDE.findall(html) == [], address
    assert pages > 15


def test_every_page_has_the_strict_policy(client, real):
    for address in addresses(real):
        policy = client.get(address).headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
