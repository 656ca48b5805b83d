"""Who asks: the person behind the sign-in, and nobody else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.requests import signed_in


@pytest.mark.parametrize("wrapped", [lambda who: who, lambda who: SimpleLazyObject(lambda: who)])
def test_a_signed_in_person_is_handed_through(rf, wrapped):
    person = User(username="ana")
    request = rf.get("/")
    request.user = wrapped(person)
    assert signed_in(request).username == person.username


@pytest.mark.parametrize("wrapped", [lambda who: who, lambda who: SimpleLazyObject(lambda: who)])
def test_a_visitor_is_refused(rf, wrapped):
    request = rf.get("/")
    request.user = wrapped(AnonymousUser())
    with pytest.raises(PermissionDenied):
        signed_in(request)
