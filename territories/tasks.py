"""What the clock does for the boundaries."""

from django.utils.translation import gettext_lazy as _

from core.chores import chore
from territories.boundaries.dependents import catch_up

chore("catch_up_boundaries", _("problemas que alcanzan los límites nuevos"), catch_up)
