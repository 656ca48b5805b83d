"""Each form that was sent is done once, however often it arrives: docs/decisions/pairs.md.

`{% csrf_token %}` puts a key and what the person saw into every form of a signed-in person
(core.templatetags.once). The same key with the same content gets the first one's answer. With another
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
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.models import DoneAct
from core.together import seen
from core.together.contention import one_at_a_time, patiently
from core.typing import present

KEY, SEEN = "act_key", "act_seen"
NOT_TYPED = ("csrfmiddlewaretoken", KEY, SEEN)
# What concerns the own account alone has its own protections.
OUTSIDE = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
KEEP = dt.timedelta(days=7)
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
    def person(self) -> int:
        """The number of the account."""
        return present(self.request.user.pk)

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
        """SHA-256 of where it goes and of all that was sent, files included."""
        content = [self.request.path, sorted(self.typed), sorted(_files(self.request))]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

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
    """Middleware: a form of a signed-in person is done in one transaction, once, and patiently."""

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
        if not _is_act(request, view):
            return None
        if getattr(view, "in_pieces", False):
            return _in_pieces(act)
        return patiently(lambda: _once(act))


def in_pieces(view: seen.Marked) -> seen.Marked:
    """Mark a view that works for long, in several transactions of its own."""
    vars(view)["in_pieces"] = True
    return view


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete the keys nobody will send again; returns how many."""
    return DoneAct.objects.filter(at__lt=(now or timezone.now()) - KEEP).delete()[0]


def last_at(path: str) -> str:
    """Which office sent a form of this address last, and when; empty where no key remembers it."""
    done = DoneAct.objects.filter(path=path).order_by("-at").first()
    return seen.signature(done.office, done.at) if done else ""


def _is_act(request: HttpRequest, view: View) -> bool:
    # What the REST framework answers has keys of its own, where it writes at all.
    if request.method != "POST" or hasattr(view, "cls"):
        return False
    name = request.resolver_match.url_name if request.resolver_match else None
    return request.user.is_authenticated and not (name or "").startswith(OUTSIDE)


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
        defaults={"digest": act.digest(), "path": act.request.path[:300], "office": act.office},
    )
    if not is_new:
        return _again(act, claim)
    changes = act.changes()
    response = _told(act, changes=changes) if changes else act.do()
    _settle(act, claim, response)
    return response


def _settle(act: Act, claim: DoneAct, response: HttpResponse) -> None:
    """Keep the answer of what was done; what was refused may be sent again."""
    if not isinstance(response, HttpResponseRedirect):
        claim.delete()
        return
    said = [[each.level, str(each.message), each.extra_tags or ""] for each in _said(act.request)]
    claim.answer = {"to": response.url, "said": said}
    claim.save(update_fields=["answer"])


def _again(act: Act, done: DoneAct) -> HttpResponse:
    if done.digest != act.digest():
        return _told(act, _("Este formulario ya se envió con otros datos, y eso quedó hecho."), done)
    if not done.answer:
        return _told(act, _("Ya lo enviaste y todavía no termina: mira el resultado antes de repetir."), done)
    for level, text, tags in done.answer["said"]:
        messages.add_message(act.request, level, text, extra_tags=tags)
    return HttpResponseRedirect(done.answer["to"])


def _told(
    act: Act, sentence: str = "", done: DoneAct | None = None, changes: Sequence[seen.Fact] = ()
) -> HttpResponse:
    """409: what changed and who changed it, with everything that was typed, to go on or to look again."""
    words = {
        "sentence": sentence or _("Mientras mirabas, esto cambió. No se guardó nada todavía."),
        "changes": changes,
        "typed": act.typed,
        "texts": [value for _name, value in act.typed if " " in value.strip()],
        "has_files": bool(act.request.FILES),
        "path": act.request.get_full_path(),
        "look_at": (done.answer.get("to") if done else "") or _referer(act.request),
    }
    return render(act.request, "core/changed.html", words, status=409)


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
