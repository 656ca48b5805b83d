"""What an office answers: receipt, acceptance with a date, redirect, refusal; one module for each act.

Each function takes the item as its user fetched it (`HandoverItem.objects.editable_by(user)`), locks it,
and changes item and issue together. Each raises TransitionRefused (AnswerRefused is one) with one sentence
for the person; then nothing is stored.
"""

from handovers.life.answers.checking import (
    MAX_COST,
    MAX_TEXT,
    AnswerRefused,
    checked_cost_class,
    lock,
    lock_all,
    lock_many,
)
from handovers.life.answers.commitment import accept, put_date_back, reschedule
from handovers.life.answers.receipt import acknowledge, acknowledge_list
from handovers.life.answers.redirection import decide, redirect, take_back
from handovers.life.answers.refusal import Refusal, refuse

__all__ = [
    "MAX_COST",
    "MAX_TEXT",
    "AnswerRefused",
    "Refusal",
    "accept",
    "acknowledge",
    "acknowledge_list",
    "checked_cost_class",
    "decide",
    "lock",
    "lock_all",
    "lock_many",
    "put_date_back",
    "redirect",
    "refuse",
    "reschedule",
    "take_back",
]
