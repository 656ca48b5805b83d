"""Forms of the cabinet: a change of place with its reason, and a «what if»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rankings.models import Scenario
from rankings.publishing import MAX_REASON
from rankings.rules.coefficients import HIGHEST, LOWEST
from territories.models import Territory


class MoveForm(forms.Form):
    """A problem of the next list, the place it goes to, and why."""

    reference = forms.ChoiceField(label=_("Problema"))
    to_place = forms.IntegerField(label=_("Al lugar"), min_value=1, max_value=1_000_000)
    reason = forms.CharField(
        label=_("Motivo público"),
        min_length=10,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Se publica con tu oficina, junto a los dos órdenes."),
    )

    def __init__(self, *args: object, items: Sequence[dict[str, Any]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].choices = [
            (item["reference"], f"{item['place']}. {item['title']} ({item['reference']})") for item in items
        ]


class ScenarioForm(forms.ModelForm):
    """Other weights, and a coefficient for each neighbourhood in force."""

    class Meta:
        model = Scenario
        fields = ["name", "track", "severity", "reach", "duration", "vulnerability"]
        labels = {
            "severity": _("Peso de la gravedad"),
            "reach": _("Peso del alcance"),
            "duration": _("Peso del tiempo"),
            "vulnerability": _("Peso de la vulnerabilidad"),
        }

    def __init__(self, *args: object, tracks: Sequence[Any], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = [(track.value, track.label) for track in tracks]
        self.territories = dict(Territory.objects.current().values_list("code", "name"))
        for code, name in self.territories.items():
            self.fields[f"c{code}"] = forms.IntegerField(
                label=name, min_value=LOWEST, max_value=HIGHEST, initial=100
            )

    def clean(self) -> dict[str, Any]:
        """The four weights make 100."""
        facts = super().clean()
        weights = [facts.get(name) for name in ("severity", "reach", "duration", "vulnerability")]
        if None not in weights and sum(weights) != 100:
            self.add_error(
                None, _("Los cuatro pesos deben sumar 100; suman %(sum)s.") % {"sum": sum(weights)}
            )
        return facts

    def coefficients(self) -> dict[str, int]:
        """What is not 100, as the model keeps it."""
        given = {str(code): self.cleaned_data[f"c{code}"] for code in self.territories}
        return {code: value for code, value in given.items() if value != 100}

    def basic_fields(self) -> list[forms.BoundField]:
        """Name, track and weights."""
        return [self[name] for name in self._meta.fields]

    def coefficient_fields(self) -> list[forms.BoundField]:
        """One for each neighbourhood."""
        return [self[f"c{code}"] for code in self.territories]
