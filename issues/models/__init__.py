"""Problems, their categories and routing, photos, and the append-only history of each."""

from issues.models.categories import Category, CategoryGroup, CategoryQuerySet, Privacy, RoutingRule, Track
from issues.models.history import DailyHead, EntryKind, HistoryEntry
from issues.models.issue import ACCENTED, UNACCENTED, Issue, IssueQuerySet, ReferenceCounter, fold
from issues.models.labels import (
    CLOSING_CHOICES,
    CLOSING_LABELS,
    STATUS_CHOICES,
    STATUS_LABELS,
    Origin,
    Visibility,
)
from issues.models.people import Reporter, Support
from issues.models.photo import Photo, PhotoKind, PhotoQuerySet, PhotoReview, photo_path
from issues.models.weights import IndexWeights

__all__ = [
    "ACCENTED",
    "CLOSING_CHOICES",
    "CLOSING_LABELS",
    "STATUS_CHOICES",
    "STATUS_LABELS",
    "UNACCENTED",
    "Category",
    "CategoryGroup",
    "CategoryQuerySet",
    "DailyHead",
    "EntryKind",
    "HistoryEntry",
    "IndexWeights",
    "Issue",
    "IssueQuerySet",
    "Origin",
    "Photo",
    "PhotoKind",
    "PhotoQuerySet",
    "PhotoReview",
    "Privacy",
    "ReferenceCounter",
    "Reporter",
    "RoutingRule",
    "Support",
    "Track",
    "Visibility",
    "fold",
    "photo_path",
]
