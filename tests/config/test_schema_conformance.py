"""The JSON interface keeps its promises: no server error, no answer outside its own schema."""

from __future__ import annotations

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

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


@pytest.fixture(params=["stranger", "manager", "administrator"])
def session(request, town, issue) -> dict[str, str]:
    """The cookies and headers of one of three roles, in a town with one problem."""
    if request.param == "stranger":
        return {}
    client = Client()
    client.force_login(request.getfixturevalue(request.param))
    return {site.SESSION_COOKIE_NAME: client.cookies[site.SESSION_COOKIE_NAME].value}


@pytest.mark.django_db(transaction=True)
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_of_each_role(case, live_server, session):
    headers = {"X-Mapa-Sync": "1"} if session else {}
    case.call_and_validate(base_url=live_server.url, checks=CHECKS, cookies=session, headers=headers)


def test_every_operation_tells_how_it_refuses():
    described = schema.raw_schema["paths"]
    operations = [operation for methods in described.values() for operation in methods.values()]
    assert operations
    assert all("default" in operation["responses"] for operation in operations)
