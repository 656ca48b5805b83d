"""The work of the register: terms kept by the clock, and erasures that a restored backup cannot undo."""

from __future__ import annotations

from accounts import ledger
from core.clock import believed
from handovers.followers.following import forget_follow
from issues.life.erasure import forget_reason
from issues.life.expiry import forget_reporter
from issues.life.hiding import hide_again
from maps.persons.rights import forget_letter
from maps.persons.treatments import forget
from walks.expiry import forget_record_named

ERASERS: dict[str, ledger.Eraser] = {
    "follow": forget_follow,
    "reporter": forget_reporter,
    "reason": forget_reason,
    "record": forget_record_named,
    "hidden": hide_again,
    "letter": forget_letter,
}


def keep_the_register() -> int:
    """Erase anew what was erased before, then what is due now; returns how much. Raises ExceptionGroup.

    While the clock is in doubt nothing is due: what is erased too early comes never back.
    """
    return ledger.replay(ERASERS) + (sum(forget().values()) if believed() else 0)
