"""The figures of cabinet and public worked out the slow way: every handed-over problem read, one by one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from statistics import median

from django.utils import timezone

from handovers.cabinet import overview
from handovers.indicators import figures
from handovers.life.budgets import estimated
from handovers.models import Answer, Budget, Handover, HandoverItem
from issues.workflow import FINISHED, WITH_DEPARTMENT, Status
from rankings.models import RankedList
from rankings.pending import coefficients_in_force
from territories.models import Territory

PROMISED = (Status.SCHEDULED, Status.IN_PROGRESS, Status.ON_HOLD)


def running() -> list[HandoverItem]:
    """Every running handover with all that is known of it."""
    rows = HandoverItem.objects.filter(is_current=True).select_related(
        "issue__territory", "issue__category__group", "department", "handover", "list_place"
    )
    return list(rows.defer("issue__territory__boundary", "issue__territory__outline"))


def figures_by_area() -> dict[int, dict[str, figures.Figure]]:
    """The indicators of each neighbourhood by its code; 0 is the commune."""
    public = [
        item
        for item in running()
        if item.issue.visibility == "public"
        and item.issue.category.privacy in ("publico", "reservado")
        and item.issue.territory
    ]
    codes = Territory.objects.current().values_list("code", flat=True)
    own = {code: [item for item in public if item.issue.territory.code == code] for code in codes}
    coefficients = coefficients_in_force()
    return {code: _figures(items, coefficients.get(code, 100)) for code, items in ({0: public} | own).items()}


def _figures(items: list[HandoverItem], coefficient: int) -> dict[str, figures.Figure]:
    done = [item for item in items if item.finished_at and item.issue.status in FINISHED]
    told = [item for item in items if item.issue.status in (Status.REPORTED_DONE, Status.DONE_UNVERIFIED)]
    themes = figures.top_themes()
    fitting = [
        item
        for item in done
        if item.issue.category.group.code in themes.get(item.issue.territory.code, frozenset())
    ]
    waited = [
        (timezone.localdate(item.received_at) - timezone.localdate(item.handover.handed_at)).days
        for item in items
        if item.received_at
    ]
    listed = [item for item in done if item.list_place]
    return {
        "conversion": _figure(len(done) / len(items) if items else 0, len(items)),
        "told_done": _figure(len(told) / len(items) if items else 0, len(items)),
        "equity": _figure(len(done) * 100 / coefficient, len(items)),
        "coherence": _figure(len(fitting) / len(done) if done else 0, len(done)),
        "order_kept": _figure(_kept(listed), len(listed)),
        "days_to_receipt": _figure(median(waited) if waited else 0, len(waited)),
    }


def _kept(listed: list[HandoverItem]) -> float:
    pairs = [
        sorted(pair, key=lambda item: item.place)
        for pair in combinations(listed, 2)
        if pair[0].list_place.ranked_list_id == pair[1].list_place.ranked_list_id
    ]
    turned = [pair for pair in pairs if pair[0].finished_at > pair[1].finished_at]
    return 1 - len(turned) / len(pairs) if pairs else 1.0


def _figure(value: float, cases: int) -> figures.Figure:
    return figures.Figure(round(float(value), 4) if cases >= 5 else None, cases)


def tallies() -> overview.Tallies:
    """How all running handovers stand."""
    items = running()
    departments = {(item.department.code, item.department.name) for item in items}
    territories = {item.issue.territory for item in items}
    by_department = [
        {"department__code": code, "department__name": name}
        | _tally([item for item in items if item.department.code == code])
        for code, name in departments
    ]
    by_territory = [
        {
            "issue__territory__code": territory and territory.code,
            "issue__territory__name": territory and territory.name,
            "issue__territory__slug": territory and territory.slug,
        }
        | _tally([item for item in items if item.issue.territory == territory])
        for territory in territories
    ]
    by_department.sort(key=lambda row: (-row["late"], row["department__name"]))
    by_territory.sort(key=lambda row: row["issue__territory__code"] or 2**40)
    return overview.Tallies(_tally(items), by_department, by_territory)


def _tally(items: list[HandoverItem]) -> dict[str, int]:
    now, today = Counter(item.issue.status for item in items), timezone.localdate()
    late = [item for item in items if item.issue.due_date and item.issue.due_date < today]
    return {
        "handed": len(items),
        "no_receipt": now[Status.HANDED_OVER],
        "no_answer": now[Status.ACKNOWLEDGED],
        "promised": sum(now[status] for status in PROMISED),
        "done": now[Status.REPORTED_DONE],
        "unverified": now[Status.DONE_UNVERIFIED],
        "finished": sum(now[status] for status in FINISHED),
        "refused": sum(item.answer == Answer.REFUSE for item in items),
        "late": sum(item.issue.status in WITH_DEPARTMENT for item in late),
    }


def purses(year: int) -> list[tuple[int, str, int, int]]:
    """(department, track, committed, spent) of each budget."""
    found = []
    for budget in Budget.objects.filter(year=year):
        items = [
            item
            for item in running()
            if item.answer == Answer.ACCEPT
            and item.committed_date.year == year
            and item.department_id == budget.department_id
            and item.issue.category.track == budget.track
        ]
        spent = sum(item.cost_spent or 0 for item in items)
        found.append((budget.department_id, budget.track, sum(map(estimated, items)), spent))
    return found


def counts_of_lists() -> list[tuple[int, int, int]]:
    """(number, places, handed over) of the ten newest lists."""
    return [
        (
            each.number,
            each.places.count(),
            HandoverItem.objects.filter(list_place__in=each.places.all()).count(),
        )
        for each in RankedList.objects.order_by("-number")[:10]
    ]


def counts_of_handovers() -> list[tuple[int, int, int]]:
    """(number, problems, finished) of the twelve newest handovers."""
    return [
        (each.number, each.items.count(), each.items.filter(issue__status__in=FINISHED).count())
        for each in Handover.objects.order_by("-number")[:12]
    ]
