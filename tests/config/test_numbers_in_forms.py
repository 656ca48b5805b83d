"""Numbers of rows in the attributes of pages: «1.255.081» is no number that a form sends back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

TEMPLATES = Path(settings.BASE_DIR, "templates")
# As people read it, in an attribute that programs read.
AS_READ = re.compile(r"""=["'][^"']*\{\{\s*[\w.]*\.(?:pk|id)\s*\}\}""")


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_attribute_has_the_number_of_a_row_as_people_read_it(path):
    assert AS_READ.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("written", "sent"),
    [("{{ row.pk }}", "1.255.081"), ('{{ row.pk|stringformat:"s" }}', "1255081")],
)
def test_what_the_rule_is_for(written, sent):
    with translation.override("es-cl"):
        assert Template(written).render(Context({"row": {"pk": 1_255_081}})) == sent
