"""Every sentence of `/privacidad/` that promises something is held by a test, and the page has them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from issues.models import Reporter
from maps.persons import policy
from rankings.publishing import draft

HERE, WALKED = "tests/maps/persons", "tests/maps/test_public_addresses.py"
HIDING = "tests/issues/life/test_hiding.py"
HIDDEN = "tests/maps/test_hiding_everywhere.py"
SIGNING_IN = "tests/accounts/test_signing_in.py"
PROOFS = {
    "terms": f"{HERE}/test_terms.py::test_it_is_there_before_its_term_and_gone_after",
    "version": f"{HERE}/test_promises.py::test_a_changed_text_is_another_version",
    "complete": f"{HERE}/test_register.py::test_every_field_is_of_a_person_or_is_not",
    "apart": f"{WALKED}::test_no_public_address_tells_a_secret",
    "camera": "tests/issues/photos/test_photos.py::test_nothing_but_pixels_is_kept",
    "reviewed": "tests/issues/photos/test_photos.py::test_a_photo_is_public_only_after_review",
    "hidden": f"{HIDDEN}::test_every_address_forgets_it_at_once_and_shows_it_again",
    "delicate": f"{HIDING}::test_persons_and_minors_stay_hidden_and_somebody_is_told",
    "second_step": f"{SIGNING_IN}::test_with_a_second_factor_the_password_alone_does_not_open_the_door",
    "logs": "tests/core/test_discretion.py::test_what_names_or_opens_is_masked",
    "ledger": f"{HERE}/test_ledger.py::test_what_was_erased_does_not_come_back",
    "drafts": "tests/browser/desk/test_drafts.py::test_nobody_else_at_the_machine_gets_it",
    "nobody_outside": f"{WALKED}::test_pages_have_no_inline_code_and_ask_nobody_outside",
    "backups": f"{HERE}/test_terms.py::test_no_backup_outlives_its_term_but_the_newest",
    "leave": "tests/handovers/test_mail.py::test_one_click_erases_the_address",
    "thirty_days": f"{HERE}/test_rights.py::test_the_answer_is_due_in_thirty_days_and_missed_aloud",
    "who_read": f"{HERE}/test_rights.py::test_who_read_is_written_down_naming_nobody",
    "sealed": "tests/accounts/test_sealed_fields.py::test_the_table_holds_none_of_it",
    "order": f"{HERE}/test_promises.py::test_who_told_it_changes_no_order",
}
# A text that changed gets the next version here, and a date in maps/persons/policy.py.
VERSIONS = {"1": "14caaeb6dfa53719e6fde79e005f826ae30999a6c9fc941a87094cb4b6423c0e"}


def test_every_promise_names_its_proof():
    assert set(PROOFS) == policy.promises()


@pytest.mark.parametrize("promise", PROOFS)
def test_the_proof_is_there(promise):
    path, _, name = PROOFS[promise].partition("::")
    assert f"def {name}(" in Path(settings.BASE_DIR, path).read_text(encoding="utf-8")


def test_a_changed_text_is_another_version():
    assert VERSIONS[policy.VERSION] == policy.digest()
    assert list(VERSIONS)[-1] == policy.VERSION


def test_the_page_has_the_twelve_items_with_every_sentence(client, db):
    page = client.get("/privacidad/").content.decode()
    assert re.findall(r'id="letra-(\w)"', page) == list("abcdefghijkl")
    told = re.findall(r"data-promise=\"(\w+)\"", page)
    assert sorted(told) == sorted(policy.promises())
    assert "Versión 1, desde el 01-12-2026" in page
    assert page.count("<tr>") == 3 * (len(policy.REGISTER) + 1)


def test_whose_site_it_is_is_told_or_missed_aloud(client, db, settings):
    assert "La municipalidad debe escribir aquí su nombre" in client.get("/privacidad/").content.decode()
    settings.DATA_CONTROLLER, settings.DATA_CONTACT = "Municipalidad de Prueba", "datos@example.cl"
    page = client.get("/privacidad/").content.decode()
    assert "Municipalidad de Prueba" in page
    assert "datos@example.cl" in page
    assert "debe escribir aquí" not in page


def test_every_public_page_leads_to_it(client, db):
    assert 'href="/privacidad/"' in client.get("/").content.decode()


def test_who_told_it_changes_no_order(make_issue):
    first, second = (make_issue(severity=level, reach=1, duration=1, vulnerability=1) for level in (1, 3))
    at = timezone.now()
    before = draft("gestion", at).document
    for each in (first, second):
        Reporter.objects.create(issue=each, name="Alcaldesa", expires_on="2099-01-01")
    assert draft("gestion", at).document == before
