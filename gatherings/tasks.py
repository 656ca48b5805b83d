"""What the clock does for the gatherings."""

from django.utils.translation import gettext_lazy as _

from core.chores import chore
from gatherings.calendar.planner import remind

chore("remind_gatherings", _("recordatorios de reuniones"), remind)
