"""Which department a problem goes to: ordered rules, then the category's own."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Department
from issues.models import Category, RoutingRule


def department_for(category: Category, territory_code: int | None) -> Department | None:
    """The department of the first rule that fits, else the category's default."""
    fits = Q(category=category) | Q(category__isnull=True)
    here = Q(territory_code=territory_code) | Q(territory_code__isnull=True)
    rule = RoutingRule.objects.filter(fits, here).select_related("department").first()
    return rule.department if rule else category.department
