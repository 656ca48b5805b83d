"""What a resident writes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from issues.life.registration import MAX_DESCRIPTION, MAX_TITLE
from issues.models import Category, Privacy

CHOOSE = _("Elige qué es.")


class ByGroup(forms.models.ModelChoiceIterator):
    """Categories under the name of their group."""

    def __iter__(self) -> Iterable[tuple[object, object]]:
        """First nothing, then group after group."""
        yield ("", _("Elige qué es"))
        for group, categories in groupby(self.queryset, key=lambda category: category.group.name):
            yield (group, [self.choice(category) for category in categories])


class CategoryField(forms.ModelChoiceField):
    """A choice among the categories that are open to everybody."""

    iterator = ByGroup

    def label_from_instance(self, category: Category) -> str:
        """Its name alone."""
        return category.name


def told_by_residents() -> forms.models.QuerySet[Category]:
    """Categories open now, but for those that are never public."""
    rows = Category.objects.open().exclude(privacy=Privacy.NEVER).select_related("group")
    return rows.order_by("group__position", "group__code", "name")


class TellingForm(forms.Form):
    """What it is, and if the person wants, who tells it."""

    category = CategoryField(
        queryset=Category.objects.none(),
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
    first_name = forms.CharField(label=_("Tu nombre (opcional)"), max_length=60, required=False)
    email = forms.EmailField(
        label=_("Tu correo (opcional)"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Ese correo no está bien escrito: revísalo o déjalo vacío.")},
    )
    phone = forms.CharField(label=_("Tu teléfono (opcional)"), max_length=40, required=False)

    def __init__(self, *args: object, **words: object) -> None:
        super().__init__(*args, **words)
        self.fields["category"].queryset = told_by_residents()
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
