"""What a selection of the desk can be downloaded as."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from handovers.models import FILE_KINDS

register = template.Library()


@register.simple_tag
def desk_file_kinds() -> list[tuple[str, str]]:
    """The kinds of files with their names; paper last."""
    return [*FILE_KINDS, ("pdf", _("PDF para imprimir"))]
