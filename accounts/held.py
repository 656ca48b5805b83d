"""A form that arrives after its session ended: held, encrypted, until the person who typed it signs in.

It waits in the session of this browser, for nobody else, and no longer than a session lasts. Files and
passwords are not held. docs/decisions/drafts.md.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.callers import known_marks
from accounts.limits import known_cookie
from accounts.models import User
from core.together import sealing
from core.together.once import HELD, KEY, OUTSIDE, asks_to_sign_in, file_fields, texts_of, whose

IN_SESSION = "held_forms"
MOST, MOST_BYTES = 5, 256 * 1024
SECRET = re.compile("password|credential", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """What was typed, and whose: the number of the account, or the name of the only cookie that tells it."""

    id: str
    path: str
    owner: int | str
    typed: list[tuple[str, str]]
    files: list[tuple[str, str]]
    at: float

    def is_of(self, person: User) -> bool:
        """Whether this account typed it."""
        return self.owner in (person.pk, known_cookie(person.username))

    def shown(self) -> dict[str, object]:
        """For the page that goes on with it."""
        words = {"typed": self.typed, "files": self.files, "texts": texts_of(self.typed)}
        return {"path": self.path, "held": self.id} | words


class Hold:
    """Middleware: what is sent without a session, where one is needed, is held; what was done is let go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's own answer, or the way to the sign-in form."""
        response = self.get_response(request)
        if request.method != "POST" or not isinstance(response, HttpResponseRedirect):
            return response
        if asks_to_sign_in(response):
            return response if request.user.is_authenticated else hold(request)
        if HELD in request.POST:
            _let_go(request, request.POST[HELD])
        return response


def hold(request: HttpRequest) -> HttpResponse:
    """Keep the form and ask for the sign-in; afterwards the person goes on with it."""
    owner = whose(request) or _only_known(request)
    form = _form(request, owner or "")
    text = json.dumps(asdict(form))
    if not owner or len(text) > MOST_BYTES:
        _warn_once(request, _("Tu sesión terminó y esto no se envió. Entra y hazlo de nuevo."))
        return redirect_to_login(_page_of(request))
    others = [each for each in _kept(request) if each.id != form.id][1 - MOST :]
    _keep(request, [*others, form])
    said = _("Tu sesión terminó. Lo que escribiste no se perdió: entra con la misma cuenta y se envía.")
    _warn_once(request, said)
    return redirect_to_login(reverse("go-on", args=[form.id]))


def _warn_once(request: HttpRequest, said: str) -> None:
    """A form may come twice before anybody reads what was said of the first."""
    waiting = messages.get_messages(request)
    is_said = any(str(one) == said for one in waiting)
    if isinstance(waiting, BaseStorage):
        waiting.used = False
    if not is_said:
        messages.warning(request, said)


def held_for(request: HttpRequest, person: User, key: uuid.UUID) -> Form | None:
    """What this person typed in this browser and could not send; None for what is done, old or another's."""
    return next((form for form in _kept(request) if form.id == str(key) and form.is_of(person)), None)


def once_more(request: HttpRequest) -> HttpResponse | None:
    """A form whose token is from before signing in: its own page proves that it is no other site's doing.

    None where it does not, and for what another account typed.
    """
    match = request.resolver_match
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not is_ours or (match and (match.url_name or "").startswith(OUTSIDE)):
        return None
    owner = whose(request)
    if owner and not request.user.is_authenticated:
        return hold(request)
    if owner != request.user.pk:
        return None
    return render(request, "accounts/go_on.html", _form(request, owner or "").shown(), status=403)


def _form(request: HttpRequest, owner: int | str) -> Form:
    given = ((name, value) for name, values in request.POST.lists() for value in values)
    typed = [(name, value) for name, value in given if name != "csrfmiddlewaretoken"]
    return Form(
        id=_key_of(request),
        path=request.get_full_path(),
        owner=owner,
        typed=[(name, value) for name, value in typed if not SECRET.search(name)],
        files=file_fields(request),
        at=time.time(),
    )


def _key_of(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get(KEY, "")))
    except ValueError:
        return str(uuid.uuid4())


def _only_known(request: HttpRequest) -> str:
    """For a form that does not say whose it is: the one person who ever signed in in this browser."""
    known = list(known_marks(request.headers.get("Cookie", "")))
    return known[0] if len(known) == 1 else ""


def _page_of(request: HttpRequest) -> str:
    """The page that sent it, for its own address may take nothing but forms."""
    address = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if known else reverse("start")


def _kept(request: HttpRequest) -> list[Form]:
    oldest = time.time() - settings.SESSION_COOKIE_AGE
    opened = (_opened(sealed) for sealed in request.session.get(IN_SESSION, []))
    return [form for form in opened if form and form.at > oldest]


def _opened(sealed: str) -> Form | None:
    try:
        told: dict[str, Any] = json.loads(sealing.unseal(sealed, sealing.HELD))
    except InvalidToken:
        return None
    return Form(**told)


def _keep(request: HttpRequest, forms: list[Form]) -> None:
    request.session[IN_SESSION] = [sealing.seal(json.dumps(asdict(form)), sealing.HELD) for form in forms]


def _let_go(request: HttpRequest, key: str) -> None:
    _keep(request, [form for form in _kept(request) if form.id != key])
