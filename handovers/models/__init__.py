"""Handovers, the tools of the desk, budgets, and followers."""

from handovers.models.budgets import Budget
from handovers.models.delivery import (
    Answer,
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
from handovers.models.followers import (
    Follow,
    Invitation,
    Notice,
    NoticeKind,
    RepairQuestion,
    RepairRound,
    RepairSaid,
)
from handovers.models.inbox import Notification, NotificationChoice, NotificationKind
from issues.models import CostClass

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
    "Invitation",
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
