"""What has not changed is not sent again, and strangers get no cookie."""

from __future__ import annotations

import pytest

PAGES = ["/", "/barrios/", "/listas/", "/api/v1/territories/", "/api/v1/issues/", "/api/v1/categories/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_same_answer_is_not_sent_twice(client, issue, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize("path", PAGES)
def test_a_changed_answer_is_sent(client, make_issue, path):
    make_issue()
    first = client.get(path)
    make_issue(title="Otro problema")
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == (200 if path in ("/", "/barrios/", "/api/v1/issues/") else 304)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_gets_no_cookie(client, issue, path):
    assert not client.get(path).cookies
