"""The review of a photo with faces on it, by pointer and keyboard, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from issues.models import PhotoReview
from issues.photos.intake import add_photo
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = Path(settings.BASE_DIR) / "tests/issues/photos/people"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_each_face_gets_its_answer_before_the_photo_is_public(
    make_page, sign_in, issue, facilitator, viewport
):
    photo = add_photo(issue, (PEOPLE / "hopper.jpg").read_bytes(), actor=None, office="Caminata")
    page = make_page(viewport)
    sign_in(page, facilitator.username)
    page.goto(f"/gestion/fotos/{photo.pk}/")
    page.get_by_text("Falta responder por 1 cara.").wait_for()
    page.get_by_role("button", name="Aprobar y publicar").click()
    page.get_by_text("Falta responder por 1 cara propuesta").wait_for()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("radio", name="Tapar").check()
    page.get_by_text("1 zona tapada.", exact=True).wait_for()
    page.get_by_role("button", name="Aprobar y publicar").click()
    page.wait_for_url("**/gestion/fotos/")
    photo.refresh_from_db()
    assert (photo.review, len(photo.blurs)) == (PhotoReview.APPROVED, 1)
