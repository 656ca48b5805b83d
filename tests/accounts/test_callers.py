"""Who calls, by address and cookie alone: nothing that a stranger writes is believed."""

import pytest
from django.core import signing

from accounts.callers import KNOWN_PREFIX, MOST_CLAIMS, known_browser, network

NAME = f"{KNOWN_PREFIX}1"


def cookie(name: str = NAME, value: str = "mark") -> str:
    return f"{name}={signing.get_cookie_signer(salt=name).sign(value)}"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_one_connection_is_one_caller(address, told):
    assert network(address) == told


def test_a_browser_that_we_signed_is_known():
    assert known_browser(f"theme=dark; {cookie()}") == "mark"


@pytest.mark.parametrize(
    "cookies",
    [
        "",
        f"{NAME}=mark",
        f"{cookie()}x",
        f"other={cookie().partition('=')[2]}",
        f"{KNOWN_PREFIX}2={cookie().partition('=')[2]}",
    ],
    ids=["none", "unsigned", "changed", "under another name", "another person's"],
)
def test_what_we_did_not_sign_for_that_name_is_a_stranger_s(cookies):
    assert known_browser(cookies) == ""


def test_no_more_claims_are_looked_at_than_share_a_browser():
    forged = [f"{KNOWN_PREFIX}{number}=forged" for number in range(MOST_CLAIMS)]
    assert known_browser("; ".join([*forged, cookie(f"{KNOWN_PREFIX}99")])) == ""
    assert known_browser("; ".join([*forged[1:], cookie(f"{KNOWN_PREFIX}99")])) == "mark"
