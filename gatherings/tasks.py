"""What the clock does for the gatherings."""

from django.utils.translation import gettext_lazy as _

from core.chores import chore
from gatherings.calendar.planner import remind
from gatherings.room.counters import forget_names

chore("remind_gatherings", _("recordatorios de reuniones"), remind)
chore("forget_counter_names", _("nombres de testigos que vencieron"), forget_names)
