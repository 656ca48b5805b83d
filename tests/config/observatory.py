"""The scoring table of the HTTP Observatory, as far as one answer shows it: 100, and what adds or takes.

Written from its published rules: https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
"""

from __future__ import annotations

from django.http.response import HttpResponseBase

HALF_A_YEAR = 15_768_000


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy, by directive."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name: set(values) for name, *values in parts}


def score(answer: HttpResponseBase) -> int:
    """What the Observatory would say of an answer that came over HTTPS."""
    policy = directives(answer.headers.get("Content-Security-Policy", ""))
    return 100 + sum(rule(answer, policy) for rule in RULES)


def _policy(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    said = set().union(*policy.values())
    if {"'unsafe-inline'", "'unsafe-eval'", "https:", "http:", "*"} & said:
        return -20
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _cookies(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    cookies = answer.cookies.values()
    if any(not cookie["secure"] for cookie in cookies):
        return -40
    sessions = [cookie for cookie in cookies if "session" in cookie.key]
    if any(not cookie["httponly"] for cookie in sessions):
        return -30
    return 5 if sessions and all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies) else 0


def _cross_origin(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    if "Access-Control-Allow-Credentials" in answer.headers:
        return -50
    said = answer.headers.get("Cross-Origin-Resource-Policy", "")
    return 10 if said in ("same-origin", "same-site") else 0


def _strict_transport(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    said = answer.headers.get("Strict-Transport-Security", "")
    ages = [part.strip().removeprefix("max-age=") for part in said.split(";") if "max-age=" in part]
    if not ages:
        return -20
    return 0 if int(ages[0]) >= HALF_A_YEAR else -10


def _framing(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    if "frame-ancestors" in policy:
        return 5
    return 0 if answer.headers.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def _referrer(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    said = answer.headers.get("Referrer-Policy", "")
    careful = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    return 5 if said in careful else (-5 if said else 0)


def _content_type(answer: HttpResponseBase, policy: dict[str, set[str]]) -> int:
    return 0 if answer.headers.get("X-Content-Type-Options") == "nosniff" else -5


RULES = (_policy, _cookies, _cross_origin, _strict_transport, _framing, _referrer, _content_type)
