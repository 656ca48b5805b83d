"""Handovers, the tools of the desk, budgets, and followers."""

from handovers.models.budgets import Budget
from handovers.models.delivery import (
    Answer,
    CostClass,
    Handover,
    HandoverItem,
    HandoverItemQuerySet,
    HandoverQuerySet,
    HoldKind,
    Holiday,
    HolidayQuerySet,
    RefusalKind,
)
from handovers.models.desk import BulkEntry, BulkRun, Forward, ResponseTemplate, SavedView, Shortlisted
from handovers.models.export_jobs import FILE_KINDS, DeskFile, DeskFileQuerySet
from handovers.models.followers import Follow, Notice, NoticeKind, RepairQuestion, RepairRound, RepairSaid
from handovers.models.inbox import Notification, NotificationChoice, NotificationKind

__all__ = [
    "FILE_KINDS",
    "Answer",
    "Budget",
    "BulkEntry",
    "BulkRun",
    "CostClass",
    "DeskFile",
    "DeskFileQuerySet",
    "Follow",
    "Forward",
    "Handover",
    "HandoverItem",
    "HandoverItemQuerySet",
    "HandoverQuerySet",
    "HoldKind",
    "Holiday",
    "HolidayQuerySet",
    "Notice",
    "NoticeKind",
    "Notification",
    "NotificationChoice",
    "NotificationKind",
    "RefusalKind",
    "RepairQuestion",
    "RepairRound",
    "RepairSaid",
    "ResponseTemplate",
    "SavedView",
    "Shortlisted",
]
