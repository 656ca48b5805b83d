"""Forms of the cabinet: a change of place with its reason, and a «what if»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from issues.models import Issue, Track
from issues.weights.forms import WeighsToHundred
from rankings.asking import MAX_ASKER, AskedBy, AskerRefused, who_asked
from rankings.models import CoefficientTable, Scenario
from rankings.publishing import MAX_REASON
from rankings.rules.coefficients import HIGHEST, LOWEST
from rankings.rules.rounds import COEFFICIENT_EQUAL
from territories.models import Territory


class WhoAskedFields(forms.Form):
    """Who asked that a problem pass before others."""

    asked_by = forms.ChoiceField(label=_("¿Quién lo pidió?"), choices=[("", _("Elige")), *AskedBy.choices])
    asker = forms.CharField(
        label=_("Nombre de la organización o dirección, o número de la audiencia"),
        max_length=MAX_ASKER,
        required=False,
        help_text=_("Nunca una persona. Si no lo pidió nadie, déjalo vacío. Se publica."),
    )

    def clean(self) -> dict[str, Any]:
        """Both together, under «asked»; a refusal is said beside the name."""
        super().clean()
        facts = self.cleaned_data
        try:
            facts["asked"] = who_asked(facts.get("asked_by", ""), facts.get("asker", ""))
        except AskerRefused as refusal:
            if "asked_by" in facts:
                self.add_error("asker", str(refusal))
        return facts


class MoveForm(WhoAskedFields):
    """A problem of the next list by its reference, the place it goes to, why, and who asked."""

    field_order = ("reference", "to_place", "reason", "asked_by", "asker")

    reference = forms.CharField(
        label=_("Folio del problema"),
        max_length=16,
        widget=forms.TextInput(attrs={"list": "first-places", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Los primeros de la lista se ofrecen al escribir; cualquier otro pendiente también vale."
        ),
    )
    to_place = forms.IntegerField(label=_("Al lugar"), min_value=1, max_value=1_000_000)
    reason = forms.CharField(
        label=_("Motivo público"),
        min_length=10,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Se publica con tu oficina, junto a los dos órdenes."),
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, listed: QuerySet[Issue]) -> None:
        super().__init__(data)
        self.listed = listed

    def clean_reference(self) -> str:
        """The reference of a problem that the next list would hold; raises ValidationError for another."""
        reference = self.cleaned_data["reference"].upper()
        if not (reference.isascii() and self.listed.filter(reference=reference).exists()):
            raise forms.ValidationError(_("Ese folio no está entre los pendientes de esta lista."))
        return reference


class CoefficientFields(forms.ModelForm):
    """A coefficient in hundredths for each neighbourhood in force; 100 for all to begin with."""

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        initial: dict[str, object] | None = None,
        instance: Model | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial, instance=instance)
        self.territories = dict(Territory.objects.current().values_list("code", "name"))
        for code, name in self.territories.items():
            self.fields[f"c{code}"] = forms.IntegerField(
                label=name, min_value=LOWEST, max_value=HIGHEST, initial=COEFFICIENT_EQUAL
            )

    def coefficients(self) -> dict[str, int]:
        """What is not 100, as the models keep it."""
        given = {str(code): self.cleaned_data[f"c{code}"] for code in self.territories}
        return {code: value for code, value in given.items() if value != COEFFICIENT_EQUAL}

    def coefficient_fields(self) -> list[forms.BoundField]:
        """One for each neighbourhood."""
        return [self[f"c{code}"] for code in self.territories]


class CoefficientTableForm(CoefficientFields):
    """The council's yearly table; a new one takes the place of the one in force."""

    class Meta:
        model = CoefficientTable
        fields = ["year", "decision"]

    def clean_year(self) -> int:
        """A year of this century; raises ValidationError for another."""
        year = self.cleaned_data["year"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError(_("Escribe el año con cuatro cifras, por ejemplo 2026."))
        return year

    def save(self, commit: bool = True) -> CoefficientTable:
        """Keep only what is not 100."""
        self.instance.hundredths = self.coefficients()
        return super().save(commit)


class ScenarioForm(WeighsToHundred, CoefficientFields):
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

    def __init__(self, data: Mapping[str, object] | None = None, *, tracks: Sequence[Track]) -> None:
        super().__init__(data)
        field = self.fields["track"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(track.value, track.label) for track in tracks]

    def basic_fields(self) -> list[forms.BoundField]:
        """Name, track and weights."""
        return [self[name] for name in self.Meta.fields]
