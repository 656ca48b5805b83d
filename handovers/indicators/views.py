"""What the public sees of the handovers: how much of what was promised was done, and how fairly."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.postgis import identity
from handovers.indicators.charts import Chart, chart
from handovers.indicators.figures import MIN_CASES, AreaIndicators, Figure, Indicators, indicators
from handovers.indicators.funnel import Funnel, Row, funnel
from handovers.indicators.promises import dates_kept
from handovers.indicators.skips import untouched_now
from handovers.life.budgets import by_territory as spending_by_territory
from rankings.views import Unreadable


@dataclass(frozen=True)
class Panel:
    """One indicator on the page: what it says, the commune's figure, a chart of the neighbourhoods."""

    key: str
    title: str
    meaning: str
    commune: str
    chart: Chart


@dataclass(frozen=True)
class FunnelPanel:
    """A funnel plot on the page, with its words."""

    key: str
    title: str
    meaning: str
    line: str
    plot: Funnel
    has_moves: bool = False

    @property
    def percent(self) -> int:
        """The share of the line in whole percent."""
        return math.floor(100 * self.plot.target + 0.5)


@require_safe
@identity.behind("counts")
def indicators_page(request: HttpRequest) -> HttpResponse:
    """The public indicators of every neighbourhood, as a table and as charts."""
    period = _period(request)
    since = timezone.now() - int(period) * dt.timedelta(days=1) if period else None
    found = indicators(since)
    context = {
        "period": period,
        "periods": periods(),
        "panels": _panels(found),
        "rows": [_row(each) for each in found.neighbourhoods],
        "found": found,
        "least": _number(found.equity_least),
        "most": _number(found.equity_most),
        "min_cases": MIN_CASES,
        "funnels": _funnels(found, since),
        "untouched": untouched_now(),
        "year": timezone.localdate().year,
        "spending": spending_by_territory(timezone.localdate().year),
    }
    return render(request, "handovers/indicators/indicators.html", context)


def periods() -> dict[str, str]:
    """What a visitor may choose, by the days it reaches back."""
    return {
        "": _("desde el comienzo"),
        "365": _("los últimos 12 meses"),
        "90": _("los últimos 90 días"),
        "30": _("los últimos 30 días"),
    }


def _period(request: HttpRequest) -> str:
    period = request.GET.get("periodo", "")
    if period not in periods():
        raise Unreadable(_("«periodo» es 30, 90 o 365: los días hacia atrás."))
    return period


def percent(figure: Figure) -> str:
    """«62 % de 21 casos», or how many cases there are when they are too few."""
    return _shown(figure, lambda value: f"{math.floor(100 * value + 0.5)} %")


def amount(figure: Figure) -> str:
    """A plain number with its cases."""
    return _shown(figure, lambda value: _number(value))


def days(figure: Figure) -> str:
    """Days with their cases."""
    return _shown(figure, lambda value: _("%(days)s días") % {"days": _number(value)})


def _shown(figure: Figure, write: Callable[[float], str]) -> str:
    if figure.value is None:
        return _("pocos casos (%(cases)s)") % {"cases": figure.cases}
    return _("%(value)s (%(cases)s casos)") % {"value": write(figure.value), "cases": figure.cases}


def _panels(found: Indicators) -> list[Panel]:
    return [
        Panel(
            key,
            title,
            meaning,
            show(getattr(found.commune, key)),
            chart([(each.name, getattr(each, key)) for each in found.neighbourhoods], show, most),
        )
        for key, title, meaning, show, most in _texts()
    ]


def _row(each: AreaIndicators) -> dict[str, str]:
    shown = {key: show(getattr(each, key)) for key, _title, _meaning, show, _most in _texts()}
    return {"name": each.name, "code": str(each.code)} | shown


def _funnels(found: Indicators, since: dt.datetime | None) -> list[FunnelPanel]:
    promised = funnel(dates_kept(since=since), settings.DATES_KEPT_TARGET / 100, MIN_CASES)
    panels = [
        FunnelPanel(
            "dates",
            _("Cumplió la fecha que prometió"),
            _(
                "De las primeras fechas que cada dirección prometió y que ya pasaron, en cuántas "
                "informó listo a más tardar ese día sin que el barrio lo devolviera. "
                "Correr la fecha no cambia la cuenta."
            ),
            _("Meta"),
            promised,
            has_moves=True,
        )
    ]
    return panels + _conversions(found)


def _conversions(found: Indicators) -> list[FunnelPanel]:
    """What was finished in each neighbourhood beside the commune's share; nothing while that is 0 or 1."""
    share = found.commune.conversion.value
    if not share or share >= 1:
        return []
    rows = [_finished(each) for each in found.neighbourhoods]
    meaning = _("De lo entregado en cada barrio, cuánto verificó el barrio, junto al total de la comuna.")
    drawn = funnel(rows, share, MIN_CASES)
    return [FunnelPanel("finished", _("Terminado en cada barrio"), meaning, _("Comuna"), drawn)]


def _finished(each: AreaIndicators) -> Row:
    share, cases = each.conversion
    return Row(each.name, round((share or 0) * cases), cases)


def _texts() -> list[tuple[str, str, str, Callable[[Figure], str], float | None]]:
    return [
        (
            "conversion",
            _("Lo entregado que se terminó"),
            _("De cada cien problemas que llegaron a una dirección municipal, cuántos verificó el barrio."),
            percent,
            1.0,
        ),
        (
            "told_done",
            _("Informado como listo, sin verificar"),
            _("De cada cien entregados, cuántos dice listos la dirección y el barrio todavía no verificó."),
            percent,
            1.0,
        ),
        (
            "equity",
            _("Reparto entre barrios"),
            _("Problemas terminados en cada barrio, divididos por su coeficiente. Parejo es más justo."),
            amount,
            None,
        ),
        (
            "coherence",
            _("Lo que se hizo es lo que el barrio pidió"),
            _("De lo terminado, cuánto es de los tres temas que más fichas recibieron en ese barrio."),
            percent,
            1.0,
        ),
        (
            "order_kept",
            _("Orden respetado"),
            _("De cada par de problemas terminados de una misma lista, cuántos van en el orden publicado."),
            percent,
            1.0,
        ),
        (
            "days_to_receipt",
            _("Días hasta el acuse de recibo"),
            _("La mitad de las veces la dirección acusó recibo en estos días o menos."),
            days,
            None,
        ),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else number_format(round(value, 1), 1)
