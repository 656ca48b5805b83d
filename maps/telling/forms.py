"""What a resident writes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.life.registration import MAX_DESCRIPTION, MAX_TITLE
from issues.models import Category, Privacy
from issues.models.categories import CategoryQuerySet

CHOOSE = _("Elige qué es.")


def told_by_residents() -> CategoryQuerySet:
    """Categories open now, but for those that are never public."""
    rows = Category.objects.open().exclude(privacy=Privacy.NEVER).select_related("group")
    return rows.order_by("group__position", "group__code", "name")


def _filled_by(browser: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": browser})


class TellingForm(forms.Form):
    """What it is, and if the person wants, who tells it."""

    category = forms.ModelChoiceField(
        queryset=told_by_residents(),
        label=_("¿Qué es?"),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    title = forms.CharField(
        label=_("El problema en una línea"),
        max_length=MAX_TITLE,
        help_text=_("Así: «Poste 3 sin luz desde el martes». Sin nombres de personas."),
        error_messages={"required": _("Escribe en una línea cuál es el problema.")},
    )
    description = forms.CharField(
        label=_("Algo más que ayude (opcional)"),
        max_length=MAX_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    first_name = forms.CharField(
        label=_("Tu nombre (opcional)"), max_length=60, required=False, widget=_filled_by("given-name")
    )
    email = forms.EmailField(
        label=_("Tu correo (opcional)"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Ese correo no está bien escrito: revísalo o déjalo vacío.")},
    )
    phone = forms.CharField(
        label=_("Tu teléfono (opcional)"), max_length=40, required=False, widget=_filled_by("tel")
    )
