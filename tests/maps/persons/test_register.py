"""One register: every field is decided about, and what comes from it is what it says."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import User
from maps.persons import policy
from maps.persons.fields import FIELDS, NOT_PERSONAL, code_of
from maps.persons.treatments import BY_CODE, REGISTER, Ends

MODELS = {
    model._meta.label: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
}


@pytest.mark.parametrize("label", sorted(MODELS))
def test_every_field_is_of_a_person_or_is_not(label):
    fields = [field.name for field in MODELS[label]._meta.concrete_fields]
    undecided = [name for name in fields if code_of(label, name) is None]
    assert undecided == [], f"say in maps/persons/fields.py what {label} keeps of persons in: {undecided}"


@pytest.mark.parametrize("label", sorted(FIELDS))
def test_no_line_names_what_is_gone_or_decides_twice(label):
    names = [name for words in FIELDS[label].values() for name in words.split()]
    assert sorted(names) == sorted({field.name for field in MODELS[label]._meta.concrete_fields})


def test_who_did_it_is_always_of_a_person():
    links = [
        (label, field.name)
        for label, model in MODELS.items()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    ]
    assert len(links) > 30
    assert [link for link in links if code_of(*link) == NOT_PERSONAL] == []


def test_every_code_has_its_row_and_every_row_a_place():
    used = {code for rows in FIELDS.values() for code in rows} - {NOT_PERSONAL}
    assert used <= set(BY_CODE)
    assert len(BY_CODE) == len(REGISTER)
    assert [row.code for row in REGISTER if row.code not in used and not row.stores] == []


@pytest.mark.parametrize("row", REGISTER, ids=lambda row: row.code)
def test_a_row_says_everything(row):
    assert all(str(getattr(row, name)).strip() for name in policy.COLUMNS)
    assert (row.forget is not None) == (row.ends == Ends.CLOCK)


def test_the_document_is_the_register():
    written = Path(settings.BASE_DIR, "docs", "privacy.md").read_text(encoding="utf-8")
    assert written == policy.as_markdown(), "python manage.py write_privacy"


def test_the_files_are_the_register(client, db):
    told = json.loads(client.get("/privacidad/registro.json").content)
    assert [row["code"] for row in told["treatments"]] == list(BY_CODE)
    assert told["version"] == policy.VERSION
    text = client.get("/privacidad/registro.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["code"] for row in rows] == list(BY_CODE)
    assert rows[0]["fields"].startswith("issues.Reporter: email")


@pytest.mark.parametrize("kind", ["xml", "py", "csv.gz"])
def test_another_kind_of_file_is_not_there(client, db, kind):
    assert client.get(f"/privacidad/registro.{kind}").status_code == 404
