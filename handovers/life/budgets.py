"""Money before promises: what fits the year's budget, and what was committed and spent.

Amounts are whole Chilean pesos. A commitment counts in the year of its committed date; where no estimate
was given, its cost class counts with its upper end.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Department, User
from core.duties import Act, require
from handovers.models import Answer, Budget, CostClass, HandoverItem
from issues.models import Privacy, Visibility
from rankings.models import RankedList

# The upper end of each class; C5 is open and counts with double its lower end.
CLASS_AMOUNTS: dict[str, int] = {
    CostClass.C0: 0,
    CostClass.C1: 500_000,
    CostClass.C2: 5_000_000,
    CostClass.C3: 30_000_000,
    CostClass.C4: 200_000_000,
    CostClass.C5: 400_000_000,
}


@dataclass(frozen=True)
class Purse:
    """One department's money in one track and year: the budget, and what is committed and spent of it."""

    budget: Budget
    committed: int
    spent: int

    @property
    def left(self) -> int:
        """What may still be committed; negative when more was committed than there is."""
        return self.budget.amount - self.committed


def estimate() -> Coalesce:
    """Expression: what an item is expected to cost."""
    by_class = Case(
        *(When(cost_class=cost_class, then=Value(amount)) for cost_class, amount in CLASS_AMOUNTS.items()),
        default=Value(0),
        output_field=BigIntegerField(),
    )
    return Coalesce("cost_estimate", by_class, output_field=BigIntegerField())


def estimated(item: HandoverItem) -> int:
    """What an item would commit, in pesos: `estimate()` outside the database."""
    return item.cost_estimate if item.cost_estimate is not None else CLASS_AMOUNTS.get(item.cost_class, 0)


def purse_of(item: HandoverItem, year: int) -> Purse | None:
    """The purse an item's cost comes out of, locked until the end; None where no budget was entered."""
    budget = (
        Budget.objects.select_for_update()
        .filter(year=year, department=item.department_id, track=item.issue.category.track)
        .first()
    )
    return _purse(budget, exclude=item) if budget else None


@transaction.atomic
def enter(year: int, department: Department, track: str, amount: int, *, actor: User) -> Budget:
    """Enter what a department may commit in a year and track, or another amount of it.

    Raises PermissionDenied for those whose duty it is not.
    """
    require(actor.post, Act.BUDGET)
    made, _is_new = Budget.objects.update_or_create(
        year=year, department=department, track=track, defaults={"amount": amount}
    )
    return made


def purses(year: int) -> list[Purse]:
    """All purses of a year: two queries, whatever their number."""
    budgets = list(Budget.objects.filter(year=year).select_related("department"))
    sums = _sums(year) if budgets else {}
    return [Purse(each, *sums.get((each.department_id, each.track), (0, 0))) for each in budgets]


def by_territory(year: int) -> QuerySet:
    """What was committed and spent in each neighbourhood in a year: public problems only."""
    return (
        _committed(year)
        .filter(issue__visibility=Visibility.PUBLIC, issue__category__privacy=Privacy.PUBLIC)
        .values("issue__territory__code", "issue__territory__name")
        .annotate(
            count=Count("pk"),
            committed=Coalesce(Sum(estimate()), Value(0), output_field=BigIntegerField()),
            spent=Coalesce(Sum("cost_spent"), Value(0), output_field=BigIntegerField()),
        )
        .order_by("issue__territory__code")
    )


def above_the_line(ranked_list: RankedList, year: int) -> dict[int, bool]:
    """For each place of a list: whether it fits its department's budget when paid in the order of the list.

    Only places with an item and a budget appear.
    """
    left = {(p.budget.department_id, p.budget.track): p.budget.amount for p in purses(year)}
    items = (
        HandoverItem.objects.current()
        .filter(list_place__ranked_list=ranked_list)
        .exclude(answer=Answer.REFUSE)
        .annotate(cost=estimate())
        .order_by("place")
        .values_list("place", "department_id", "issue__category__track", "cost")
    )
    fits: dict[int, bool] = {}
    for place, department, track, cost in items:
        if (department, track) in left:
            left[department, track] -= cost
            fits[place] = left[department, track] >= 0
    return fits


def _sums(year: int) -> dict[tuple[int, str], tuple[int, int]]:
    """By department and track what is committed and spent in a year."""
    rows = _committed(year).order_by().values_list("department", "issue__category__track")
    counted = rows.annotate(costs=Sum(estimate()), spent=Sum("cost_spent"))
    return {(department, track): (costs or 0, spent or 0) for department, track, costs, spent in counted}


def _purse(budget: Budget, exclude: HandoverItem | None = None) -> Purse:
    items = _committed(budget.year).filter(
        department=budget.department_id, issue__category__track=budget.track
    )
    if exclude:
        items = items.exclude(pk=exclude.pk)
    sums = items.aggregate(committed=Sum(estimate()), spent=Sum(F("cost_spent")))
    return Purse(budget, sums["committed"] or 0, sums["spent"] or 0)


def _committed(year: int) -> QuerySet:
    return HandoverItem.objects.current().counted().filter(Q(answer=Answer.ACCEPT), committed_date__year=year)
