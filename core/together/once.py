"""Each form that was sent is done once, however often it arrives: docs/decisions/pairs.md.

`{% csrf_token %}` puts a key into every form, and into those of a signed-in person whose it is and what was
seen (core.templatetags.once). The same key with the same content gets the first one's answer. With another
content, or when what was seen has changed, the person is told and keeps what was typed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.models import DoneAct
from core.together import sealing, seen
from core.together.contention import one_at_a_time, patiently
from core.typing import present

KEY, SEEN, BY, HELD, FIRST = "act_key", "act_seen", "act_by", "act_held", "act_first"
NOT_TYPED = ("csrfmiddlewaretoken", KEY, SEEN, BY, HELD, FIRST)
# What concerns the own account alone has its own protections; of a vote nobody notes who sent it, or when.
OUTSIDE = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "logout", "vote")
KEEP = dt.timedelta(days=7)
# Tells the scripts of a page which forms were done, so that they drop what they kept of them.
DONE = "mapa_done"
MOST_TOLD = 8
STRANGER = 0
_whose = signing.Signer(salt="core.together.once.by")
View = Callable[..., Any]


@dataclass(frozen=True)
class Act:
    """One form as it arrived, and the view it is meant for."""

    request: HttpRequest
    view: View
    args: Sequence[object]
    kwargs: Mapping[str, Any]

    @property
    def key(self) -> uuid.UUID | None:
        """The key the form came with; none in what programs send, and in pages from before."""
        with suppress(ValueError):
            return uuid.UUID(self.request.POST.get(KEY, ""))
        return None

    @property
    def first(self) -> str:
        """The key under which it was first sent, where the person was told of a change and goes on."""
        with suppress(ValueError):
            return str(uuid.UUID(self.request.POST.get(FIRST, "")))
        return str(self.key)

    @property
    def person(self) -> int:
        """The number of the account; STRANGER for whoever has none."""
        return present(self.request.user.pk) if self.request.user.is_authenticated else STRANGER

    @property
    def place(self) -> str:
        """Where it was sent to; for strangers the name of it, for an address may be what opens their page."""
        match = self.request.resolver_match
        is_strangers = self.person == STRANGER
        return (match.view_name if is_strangers and match else self.request.path)[:300]

    @property
    def is_outside(self) -> bool:
        """Whether its forms are not for us to note."""
        name = self.request.resolver_match.url_name if self.request.resolver_match else None
        return (name or "").startswith(OUTSIDE)

    @property
    def office(self) -> str:
        """In whose name it is done, as the public sees it."""
        return getattr(self.request.user, "office", "")

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What the person sent, without what the page added."""
        fields = self.request.POST.lists()
        return [(name, value) for name, values in fields if name not in NOT_TYPED for value in values]

    def digest(self) -> str:
        """Keyed digest of where it goes and of all that was sent, files included: nobody guesses it back."""
        content = [self.request.path, sorted(self.typed), sorted(_files(self.request))]
        return salted_hmac("core.together.once", json.dumps(content), algorithm="sha256").hexdigest()

    def changes(self) -> list[seen.Fact]:
        """What is not any more as the person saw it; exact, for nobody else is at the same form meanwhile."""
        token = self.request.POST.get(SEEN)
        if token is None:
            return []
        one_at_a_time(self.request.path)
        return seen.changed(seen.facts_of(self.request, self.view, dict(self.kwargs)), token)

    def do(self) -> HttpResponse:
        """Let the view do it; may be called again after a rollback."""
        for files in self.request.FILES.lists():
            for file in files[1]:
                file.seek(0)
        del _said(self.request)[:]
        return self.view(self.request, *self.args, **self.kwargs)


class Once:
    """Middleware: a form is done in one transaction, once, and patiently."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[object], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Remember what the page's forms depend on; do what was sent. Raises Busy."""
        act = Act(request, view, args, kwargs)
        vars(request)["act"] = act
        if not _is_act(act):
            return None
        if act.person != STRANGER and whose(request) not in (None, act.person):
            return _told(act, _("Este formulario lo abrió otra cuenta: no se hizo nada."), hides=True)
        if getattr(view, "in_pieces", False):
            return _in_pieces(act)
        return patiently(lambda: _once(act))


def in_pieces(view: seen.Marked) -> seen.Marked:
    """Mark a view that works for long, in several transactions of its own."""
    vars(view)["in_pieces"] = True
    return view


def signed(person: int) -> str:
    """What a form carries about whose it is."""
    return _whose.sign(str(person))


def whose(request: HttpRequest) -> int | None:
    """The number of the account to which the form that arrived was shown; None where nothing tells."""
    with suppress(signing.BadSignature, ValueError):
        return int(_whose.unsign(request.POST.get(BY, "")))
    return None


def asks_to_sign_in(response: HttpResponse) -> bool:
    """Whether an answer does nothing but lead to the sign-in page, from where one comes back."""
    doors = (resolve_url(settings.LOGIN_URL), resolve_url("admin:login"))
    if not isinstance(response, HttpResponseRedirect):
        return False
    path, _question, comes_back = response.url.partition("?")
    return path in doors and bool(comes_back)


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete the keys nobody will send again; returns how many."""
    return DoneAct.objects.filter(at__lt=(now or timezone.now()) - KEEP).delete()[0]


def last_at(path: str) -> str:
    """Which office sent a form of this address last, and when; empty where no key remembers it."""
    done = DoneAct.objects.filter(path=path).order_by("-at").first()
    return seen.signature(done.office, done.at) if done else ""


def _is_act(act: Act) -> bool:
    # What the REST framework answers has keys of its own, where it writes at all.
    if act.request.method != "POST" or hasattr(act.view, "cls") or act.is_outside:
        return False
    return act.request.user.is_authenticated or act.key is not None


def _in_pieces(act: Act) -> HttpResponse:
    try:
        return _once(act)
    except Exception:
        if act.key is not None:
            DoneAct.objects.filter(person=act.person, key=act.key, answer={}).delete()
        raise


def _once(act: Act) -> HttpResponse:
    if act.key is None:
        return act.do()
    # Another with the same key waits here until the first is stored, or gone.
    claim, is_new = DoneAct.objects.get_or_create(
        person=act.person,
        key=act.key,
        defaults={"digest": act.digest(), "path": act.place, "office": act.office},
    )
    if not is_new:
        return _again(act, claim)
    changes = act.changes()
    response = _told(act, changes=changes) if changes else act.do()
    _settle(act, claim, response)
    return response


def _settle(act: Act, claim: DoneAct, response: HttpResponse) -> None:
    """Keep the answer of what was done; what was refused may be sent again."""
    said = [[each.level, str(each.message), each.extra_tags or ""] for each in _said(act.request)]
    if isinstance(response, HttpResponseRedirect) and not asks_to_sign_in(response):
        answer = {"to": response.url, "said": said}
    elif act.person == STRANGER and response.status_code == HTTPStatus.OK:
        # Thanked on the spot: strangers are refused with a 4xx, never with a page.
        thanks = [messages.INFO, _("Ya lo recibimos: no se hizo dos veces."), ""]
        answer = {"to": act.request.get_full_path(), "said": [thanks]}
    else:
        claim.delete()
        return
    claim.answer = _closed(act, answer)
    claim.save(update_fields=["answer"])
    _tell_done(act, response)


def _again(act: Act, done: DoneAct) -> HttpResponse:
    if done.digest != act.digest():
        return _told(act, _("Este formulario ya se envió con otros datos, y eso quedó hecho."), done)
    if not done.answer:
        return _told(act, _("Ya lo enviaste y todavía no termina: mira el resultado antes de repetir."), done)
    answer = _opened(done)
    for level, text, tags in answer["said"]:
        messages.add_message(act.request, level, text, extra_tags=tags)
    response = HttpResponseRedirect(answer["to"])
    _tell_done(act, response)
    return response


def _closed(act: Act, answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an answer; a stranger's may lead to a page that only its address protects."""
    if act.person != STRANGER:
        return answer
    return {"sealed": sealing.seal(json.dumps(answer), sealing.ANSWERS)}


def _opened(done: DoneAct) -> dict[str, Any]:
    sealed = done.answer.get("sealed")
    return json.loads(sealing.unseal(sealed, sealing.ANSWERS)) if sealed else done.answer


def _tell_done(act: Act, response: HttpResponse) -> None:
    """By a cookie, for the answer leads elsewhere: the scripts there read and empty it."""
    told = act.request.COOKIES.get(DONE, "").split(".")
    fresh = list(dict.fromkeys([act.first, str(act.key)]))
    known = [key for key in told if len(key) == len(str(act.key))][len(fresh) - MOST_TOLD :]
    response.set_cookie(
        DONE,
        ".".join([*known, *fresh]),
        max_age=int(KEEP.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _told(
    act: Act,
    sentence: str = "",
    done: DoneAct | None = None,
    changes: Sequence[seen.Fact] = (),
    *,
    hides: bool = False,
) -> HttpResponse:
    """409: what changed and who changed it, with everything that was typed, to go on or to look again.

    `hides` what was typed from who did not type it.
    """
    typed = [] if hides else act.typed
    words = {
        "sentence": sentence or _("Mientras mirabas, esto cambió. No se guardó nada todavía."),
        "changes": changes,
        "typed": typed,
        "texts": texts_of(typed),
        "can_go_on": not hides,
        "first": act.first,
        "files": [] if hides else file_fields(act.request),
        "path": act.request.get_full_path(),
        "look_at": (_opened(done).get("to") if done and done.answer else "") or _referer(act.request),
    }
    return render(act.request, "core/changed.html", words, status=409)


def texts_of(typed: Sequence[tuple[str, str]]) -> list[str]:
    """What of it was written in words, to be shown."""
    return [value for name, value in typed if " " in value.strip() and name not in NOT_TYPED]


def file_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, names of the files) of what has to be chosen again: nobody can keep a file for a person."""
    chosen = request.FILES.lists()
    return [(name, ", ".join(file.name or "" for file in files)) for name, files in chosen]


def _referer(request: HttpRequest) -> str:
    address = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if known else "/"


def _files(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    for name, files in request.FILES.lists():
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            yield name, file.name or "", digest.hexdigest()


def _said(request: HttpRequest) -> list[Any]:
    """The sentences said in this request so far."""
    said: Any = messages.get_messages(request)
    return said._queued_messages
