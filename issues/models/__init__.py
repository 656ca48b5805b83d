"""Problems, their categories and routing, photos, and the append-only history of each."""

from issues.models.categories import (
    RANGES,
    Category,
    CategoryGroup,
    CategoryQuerySet,
    CostClass,
    Privacy,
    RoutingRule,
    Track,
)
from issues.models.face import FaceAnswer, FaceProposal
from issues.models.hiding import (
    CONFIRM_WITHIN,
    DELICATE,
    Hiding,
    HidingReason,
    answer_as_shown,
    line_as_shown,
)
from issues.models.history import DOUBTED, DailyHead, EntryKind, HistoryEntry
from issues.models.issue import Issue, IssueQuerySet, ReferenceCounter
from issues.models.labels import CLOSING_CHOICES, CLOSING_LABELS, Origin, Visibility
from issues.models.people import Reporter, Support
from issues.models.photo import Photo, PhotoKind, PhotoQuerySet, PhotoReview, photo_path
from issues.models.proposals import LevelsProposal
from issues.models.weights import IndexWeights

__all__ = [
    "CLOSING_CHOICES",
    "CLOSING_LABELS",
    "CONFIRM_WITHIN",
    "DELICATE",
    "DOUBTED",
    "RANGES",
    "Category",
    "CategoryGroup",
    "CategoryQuerySet",
    "CostClass",
    "DailyHead",
    "EntryKind",
    "FaceAnswer",
    "FaceProposal",
    "Hiding",
    "HidingReason",
    "HistoryEntry",
    "IndexWeights",
    "Issue",
    "IssueQuerySet",
    "LevelsProposal",
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
    "answer_as_shown",
    "line_as_shown",
    "photo_path",
]
