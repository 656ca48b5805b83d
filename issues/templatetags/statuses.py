"""Statuses in templates: `<span class="status mark--{{ issue.status|mark }}">`."""

from __future__ import annotations

from django import template

from issues.statuses import MARK_OF, MARKS, STATUS_LABELS, Mark

register = template.Library()


@register.filter
def mark(status: str) -> str:
    """The name of a status's mark; raises KeyError for what is no status."""
    return MARK_OF[status].name


@register.filter
def status_label(status: str) -> str:
    """The words of a status; raises KeyError for what is no status."""
    return str(STATUS_LABELS[status])


@register.simple_tag
def legend_marks() -> tuple[Mark, ...]:
    """The marks of the legend, in its order."""
    return MARKS
