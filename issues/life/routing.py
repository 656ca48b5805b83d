"""Which department a problem goes to: ordered rules, then the category's own."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Department
from issues.models import Category, Issue, RoutingRule
from territories.models import Territory


def department_for(category: Category, territory_code: int | None) -> Department | None:
    """The department of the first rule that fits and is in office, else the category's default."""
    fits = Q(category=category) | Q(category__isnull=True)
    here = Q(territory_code=territory_code) | Q(territory_code__isnull=True)
    rule = (
        RoutingRule.objects.filter(fits, here, department__is_open=True).select_related("department").first()
    )
    return rule.department if rule else category.department


def answering(issue: Issue) -> Department | None:
    """Who has to answer a problem that nobody was handed yet: its office, or who took over from it.

    Where no rule names another for an office out of function it stays there, and cannot be handed over.
    """
    if issue.department is None or issue.department.is_open:
        return issue.department
    code = Territory.objects.filter(Q(pk=issue.territory_id)).values_list("code", flat=True).first()
    return department_for(issue.category, code) or issue.department
