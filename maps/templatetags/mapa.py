"""How values of the domain are written on pages."""

from __future__ import annotations

from decimal import Decimal

from django import template

from issues.index import display

register = template.Library()


@register.filter
def score(i3: int | None) -> Decimal | None:
    """The index as shown, 0–100 with one decimal, from its stored third (0–300)."""
    return None if i3 is None else display(i3)


@register.filter
def degrees(value: float) -> str:
    """A coordinate for machines: six decimals, with a point."""
    return f"{value:.6f}"


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """The query of this page with some parameters replaced; an empty value drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
