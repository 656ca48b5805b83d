"""Planning a gathering."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.contrib.gis.geos import Point
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from gatherings.models import COMFORTS, CountingMode, Gathering, Organisation
from territories.geo import BadCoordinates, parse_point
from territories.models import Territory

COUNCIL_KIND = "consejo comunal"
LONGEST = dt.timedelta(hours=8)


class PlaceField(forms.CharField):
    """A point written as «lat,lng» in degrees, EPSG:4326; empty is no point."""

    widget = forms.HiddenInput

    def prepare_value(self, value: object) -> object:
        """How a stored point is written into the form."""
        return f"{value.y:.6f},{value.x:.6f}" if isinstance(value, Point) else value

    def clean(self, value: str) -> Point | None:
        """The point, or None; raises ValidationError for what cannot be a place in the commune."""
        written = super().clean(value)
        if not written:
            return None
        lat, _comma, lng = written.partition(",")
        try:
            return parse_point(lat=lat, lng=lng)
        except BadCoordinates as error:
            raise forms.ValidationError(str(error)) from error


class GatheringForm(forms.ModelForm):
    """Where and when a neighbourhood meets; offers only the neighbourhoods the person may act in."""

    location = PlaceField(required=False)

    class Meta:
        model = Gathering
        fields = [
            "territory", "place", "location", "starts_at", "ends_at", "walk_at", "walk_from", "mode",
            *COMFORTS,
        ]  # fmt: skip
        labels = {
            "place": _("Lugar (sede, calle y número)"),
            "starts_at": _("Empieza"),
            "ends_at": _("Termina"),
            "walk_at": _("Caminata previa (si la hay)"),
            "walk_from": _("La caminata parte desde"),
            "mode": _("Cómo se contará"),
            "has_ramp": _("Se entra sin escalones (rampa)"),
            "has_interpreter": _("Hay intérprete de lengua de señas"),
            "has_child_care": _("Se cuida a niñas y niños"),
        }
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("starts_at", "ends_at", "walk_at")
        }

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        user: User,
        instance: Gathering | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, instance=instance, initial=initial)
        self.offer(user)
        self.fields["mode"].required = False

    def offer(self, user: User) -> None:
        """Only the neighbourhoods in which the person may plan."""
        territory = self.fields["territory"]
        assert isinstance(territory, forms.ModelChoiceField)
        territory.queryset = own_territories(user)
        territory.required, territory.empty_label = True, None

    def clean_mode(self) -> str:
        """Tokens, unless another mode is chosen."""
        return self.cleaned_data.get("mode") or CountingMode.TOKENS

    def clean(self) -> dict[str, object]:
        """The end comes after the start, on the same day, and not long ago."""
        super().clean()
        facts = self.cleaned_data
        starts, ends = facts.get("starts_at"), facts.get("ends_at")
        if starts and ends and not starts < ends <= starts + LONGEST:
            self.add_error("ends_at", _("La reunión debe terminar después de empezar, el mismo día."))
        if starts and starts < timezone.now() - dt.timedelta(days=1):
            self.add_error("starts_at", _("Esa fecha ya pasó."))
        walk = facts.get("walk_at")
        if starts and walk and walk > starts:
            self.add_error("walk_at", _("La caminata va antes de la reunión."))
        return facts


def names_of_councils() -> list[tuple[str, str]]:
    """What a council may be called; its name is kept with the gathering and fits in its 120 letters."""
    councils = Organisation.objects.filter(territory_code__isnull=True, is_active=True)
    names = councils.filter(kind=COUNCIL_KIND).values_list("name", flat=True)
    return [(name[:120], name) for name in names.order_by("name")]


class CouncilForm(GatheringForm):
    """The same for a council of the whole commune, which belongs to no single neighbourhood."""

    council = forms.ChoiceField(label=_("Consejo"), choices=names_of_councils)

    facilitator = forms.ModelChoiceField(
        queryset=User.objects.filter(role=Role.FACILITATOR, is_active=True).order_by("username"),
        label=_("Quién la conduce"),
        empty_label=None,
    )

    field_order = ("council", "facilitator")

    def offer(self, user: User) -> None:
        """No neighbourhood."""
        del self.fields["territory"]


def own_territories(user: User) -> QuerySet[Territory]:
    """The neighbourhoods in force in which this person may plan a gathering."""
    current = Territory.objects.current().without_boundary()
    everywhere = user.sees_everything or user.facilitates_everywhere
    return current if everywhere else current.filter(code__in=user.territory_codes)
