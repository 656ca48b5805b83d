"""Organisations, gatherings, attendance, the ballot with its result, and the acta."""

from gatherings.models.acta import Acta, ActaState, Addendum, Minute, MinuteKind
from gatherings.models.ballots import AnnulledCount, BallotItem, CastBallot, VoteCode
from gatherings.models.challenges import DECISION_DAYS, Challenge, ChallengeWord, Outcome
from gatherings.models.counters import Counter, CounterCode, CounterName, PaperAgain, Side
from gatherings.models.gathering import (
    COMFORTS,
    CountingMode,
    Gathering,
    GatheringQuerySet,
    GatheringState,
    Panel,
)
from gatherings.models.organisations import Organisation
from gatherings.models.records import GatheringRecord
from gatherings.models.room import Attendance, MappedIssue, RoomAction, RoomMerge

__all__ = [
    "COMFORTS",
    "DECISION_DAYS",
    "Acta",
    "ActaState",
    "Addendum",
    "AnnulledCount",
    "Attendance",
    "BallotItem",
    "CastBallot",
    "Challenge",
    "ChallengeWord",
    "Counter",
    "CounterCode",
    "CounterName",
    "CountingMode",
    "Gathering",
    "GatheringQuerySet",
    "GatheringRecord",
    "GatheringState",
    "MappedIssue",
    "Minute",
    "MinuteKind",
    "Organisation",
    "Outcome",
    "Panel",
    "PaperAgain",
    "RoomAction",
    "RoomMerge",
    "Side",
    "VoteCode",
]
