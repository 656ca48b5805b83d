"""The JSON interface keeps its promises: no server error, no answer outside its own schema.

SCHEMA_CASES (`make weekly PART=fuzz`) says how many requests each role makes at least; else few.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
import schemathesis
from django.conf import settings as site
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CASES = int(os.environ.get("SCHEMA_CASES", "0"))
SHORT = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


made: Counter[str] = Counter()
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


def operations() -> list[dict]:
    """What the interface does, each with what may vary in it."""
    described = schema.raw_schema["paths"].values()
    return [operation for methods in described for operation in methods.values()]


def examples() -> int:
    """Requests for each operation; one in which nothing varies has few, which others make up for."""
    varying = [each for each in operations() if each.get("parameters") or each.get("requestBody")]
    return max(SHORT, -(-CASES // len(varying)))


@pytest.fixture(params=["stranger", "manager", "administrator"])
def role(request) -> str:
    return request.param


@pytest.fixture
def session(request, role, town, issue) -> dict[str, str]:
    """The cookies and headers of one of three roles, in a town with one problem."""
    if role == "stranger":
        return {}
    client = Client()
    client.force_login(request.getfixturevalue(role))
    return {site.SESSION_COOKIE_NAME: client.cookies[site.SESSION_COOKIE_NAME].value}


@pytest.mark.django_db(transaction=True)
@schema.parametrize()
@settings(
    max_examples=examples(),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_of_each_role(case, live_server, role, session):
    made[role] += 1
    headers = {"X-Mapa-Sync": "1"} if session else {}
    case.call_and_validate(base_url=live_server.url, checks=CHECKS, cookies=session, headers=headers)


def test_every_operation_tells_how_it_refuses():
    assert operations()
    assert all("default" in operation["responses"] for operation in operations())


def test_so_many_requests_were_made():
    print("requests:", dict(made))
    assert all(count >= CASES for count in made.values())
