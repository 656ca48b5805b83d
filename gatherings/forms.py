"""Planning a gathering."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models import Gathering
from territories.models import Territory

LONGEST = dt.timedelta(hours=8)


class GatheringForm(forms.ModelForm):
    """Where and when a neighbourhood meets; offers only the neighbourhoods the person may act in."""

    class Meta:
        model = Gathering
        fields = ["territory", "place", "starts_at", "ends_at", "mode"]
        labels = {
            "place": _("Lugar (sede, calle y número)"),
            "starts_at": _("Empieza"),
            "ends_at": _("Termina"),
            "mode": _("Cómo se contará"),
        }
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("starts_at", "ends_at")
        }

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = own_territories(user)
        self.fields["territory"].required = True
        self.fields["territory"].empty_label = None
        self.fields["mode"].required = False

    def clean(self) -> dict[str, object]:
        """The end comes after the start, on the same day, and not long ago."""
        facts = super().clean()
        starts, ends = facts.get("starts_at"), facts.get("ends_at")
        if starts and ends and not starts < ends <= starts + LONGEST:
            self.add_error("ends_at", _("La reunión debe terminar después de empezar, el mismo día."))
        if starts and starts < timezone.now() - dt.timedelta(days=1):
            self.add_error("starts_at", _("Esa fecha ya pasó."))
        return facts


def own_territories(user: User) -> QuerySet[Territory]:
    """The neighbourhoods in force in which this person may plan a gathering."""
    current = Territory.objects.current().without_boundary()
    return current if user.sees_everything else current.filter(code__in=user.territory_codes)
