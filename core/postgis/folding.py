"""`core.letters.fold` in the database, but for the signs between words, which a search by words ignores."""

from __future__ import annotations

from django.db.models import Expression, Func, TextField, Value
from django.db.models.functions import Lower

from core.letters import ACUTE, DROPPED


def Folded(text: Expression) -> Lower:
    """A text in lower case, without accents, apostrophes and hidden letters; immutable: it may be stored."""
    without_acute = Func(text, Value(ACUTE), Value(""), function="replace", output_field=TextField())
    apart = Func(without_acute, template="normalize(%(expressions)s, NFKD)", output_field=TextField())
    bare = Func(
        apart, Value(DROPPED), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
    )
    return Lower(bare, output_field=TextField())
