"""Weights of the index as a form: four numbers that make 100, refused with one sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from issues.index import Weights


class WeighsToHundred(forms.ModelForm):
    """A form with the four weights among its fields."""

    def clean(self) -> dict[str, Any]:
        """The four weights make 100."""
        super().clean()
        facts = self.cleaned_data
        weights = [facts[name] for name in Weights._fields if facts.get(name) is not None]
        if len(weights) == len(Weights._fields) and sum(weights) != 100:
            # On a field: the database's own constraint is then not asked, and says nothing more.
            self.add_error(
                "severity", _("Los cuatro pesos deben sumar 100; suman %(sum)s.") % {"sum": sum(weights)}
            )
        return facts
