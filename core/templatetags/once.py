"""`{% csrf_token %}` as Django's, and beside it what `core.together.once` asks of a form."""

from __future__ import annotations

import uuid

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.together import seen
from core.together.once import KEY, SEEN, Act

register = template.Library()
HIDDEN = '<input type="hidden" name="{}" value="{}" autocomplete="off">'


class KeyedToken(CsrfTokenNode):
    """Each form its own key; all forms of a page what the page showed."""

    def render(self, context: Context) -> SafeString:
        """The token, the key, and what was seen where the page watches something."""
        token = SafeString(super().render(context))  # nosec B703 # Django's own field
        act = getattr(context.get("request"), "act", None)
        if not token or act is None or not act.request.user.is_authenticated:
            return token
        key, seen_now = format_html(HIDDEN, KEY, uuid.uuid4()), _seen(act)
        return format_html("{}{}{}", token, key, format_html(HIDDEN, SEEN, seen_now) if seen_now else "")


@register.tag("csrf_token")
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> KeyedToken:
    """In place of Django's own, in every template."""
    return KeyedToken()


def _seen(act: Act) -> str:
    """Asked of the database once a page."""
    kept = vars(act.request)
    if "seen_now" not in kept:
        facts = seen.facts_of(act.request, act.view, dict(act.kwargs))
        kept["seen_now"] = seen.token_of(facts) if facts else ""
    return kept["seen_now"]
