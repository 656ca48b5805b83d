"""How each status is shown: its words, and the mark (shape and colour) of map, legend, desk and tablet.

The one table of it. The scripts of the browser get it as `for_scripts()`; a colour is the token
`--status-<name of the mark>` of static/css/base/tokens.css, in light and dark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues.workflow import Status


@dataclass(frozen=True)
class Mark:
    """A mark of the legend; its shape is drawn by static/js/map/issues/marks.js and by `.mark--<name>`."""

    name: str
    legend: Promise
    shape: str


NEW = Mark("new", _("Registrado"), "circle")
VALIDATED = Mark("validated", _("Validado por el barrio"), "triangle")
HANDED = Mark("handed", _("Entregado o programado"), "square")
WORKING = Mark("working", _("En ejecución o en pausa"), "diamond")
DONE = Mark("done", _("Listo o verificado"), "hexagon")
CLOSED = Mark("closed", _("Cerrado"), "cross")
# In the order of the legend; clusters count by them in this order.
MARKS = (NEW, VALIDATED, HANDED, WORKING, DONE, CLOSED)

SHOWN: dict[Status, tuple[Promise, Mark]] = {
    Status.REGISTERED: (_("registrado"), NEW),
    Status.VALIDATED: (_("validado por el barrio"), VALIDATED),
    Status.HANDED_OVER: (_("entregado"), HANDED),
    Status.ACKNOWLEDGED: (_("con acuse"), HANDED),
    Status.SCHEDULED: (_("programado"), HANDED),
    Status.IN_PROGRESS: (_("en ejecución"), WORKING),
    Status.ON_HOLD: (_("en pausa"), WORKING),
    Status.REPORTED_DONE: (_("informado como listo"), DONE),
    Status.VERIFIED: (_("verificado por el barrio"), DONE),
    Status.DONE_UNVERIFIED: (_("listo sin verificar"), DONE),
    Status.CLOSED: (_("cerrado"), CLOSED),
}
# By the name of a status too, as it stands in the database.
STATUS_LABELS: dict[str, Promise] = {status: label for status, (label, _mark) in SHOWN.items()}
STATUS_CHOICES = [(status.value, label) for status, (label, _mark) in SHOWN.items()]
MARK_OF: dict[str, Mark] = {status: mark for status, (_label, mark) in SHOWN.items()}


def statuses_with(mark: Mark) -> tuple[Status, ...]:
    """The statuses a mark stands for, in the order of an issue's life."""
    return tuple(status for status, (_label, found) in SHOWN.items() if found == mark)


class ShownMark(TypedDict):
    """A mark as the scripts read it."""

    name: str
    shape: str


class ShownStatus(TypedDict):
    """A status as the scripts read it."""

    label: str
    mark: str


class StatusTable(TypedDict):
    """The table as static/js/data/issues/statuses.js reads it."""

    marks: list[ShownMark]
    statuses: dict[str, ShownStatus]


def for_scripts() -> StatusTable:
    """The table in the language that is on now."""
    return {
        "marks": [{"name": mark.name, "shape": mark.shape} for mark in MARKS],
        "statuses": {
            status.value: {"label": str(label), "mark": mark.name} for status, (label, mark) in SHOWN.items()
        },
    }
