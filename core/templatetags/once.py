"""`{% csrf_token %}` as Django's with what `core.together.once` asks of a form, and the place of drafts."""

from __future__ import annotations

import uuid

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.together import drafts, seen
from core.together.once import BY, KEY, SEEN, Act, signed

register = template.Library()
HIDDEN = '<input type="hidden" name="{}" value="{}" autocomplete="off">'


class KeyedToken(CsrfTokenNode):
    """Each form its own key; those of a signed-in person whose they are, and what the page showed."""

    def render(self, context: Context) -> SafeString:
        """The token, and beside it what the form needs; nothing for what concerns the account alone."""
        token = SafeString(super().render(context))  # nosec B703 # Django's own field
        act = getattr(context.get("request"), "act", None)
        if not token or act is None or act.is_outside:
            return token
        return format_html("{}{}", token, format_html_join("", HIDDEN, _fields(act)))


@register.tag("csrf_token")
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> KeyedToken:
    """In place of Django's own, in every template."""
    return KeyedToken()


@register.simple_tag(takes_context=True)
def drafts_place(context: Context) -> drafts.Place:
    """Where the page that is rendered keeps drafts; an error page, rendered for nobody, as for a stranger."""
    person = getattr(context.get("request"), "user", None)
    return drafts.place_of(person.pk if person and person.is_authenticated else None)


def _fields(act: Act) -> list[tuple[str, str]]:
    fields = [(KEY, str(uuid.uuid4()))]
    if act.request.user.is_authenticated:
        fields += [(BY, signed(act.person)), (SEEN, _seen(act))]
    return [(name, value) for name, value in fields if value]


def _seen(act: Act) -> str:
    """Asked of the database once a page."""
    kept = vars(act.request)
    if "seen_now" not in kept:
        facts = seen.facts_of(act.request, act.view, dict(act.kwargs))
        kept["seen_now"] = seen.token_of(facts) if facts else ""
    return kept["seen_now"]
