"""The council's coefficients in the administration."""

import pytest

from rankings.models import CoefficientTable
from rankings.pending import coefficients_in_force

ADD = "/admin/rankings/coefficienttable/add/"
TABLE = {"year": 2026, "decision": "Acuerdo N.º 12", "c1": 120, "c2": 100, "c3": 70}


@pytest.fixture
def office(client, administrator, town):
    client.force_login(administrator)
    return client


def test_a_table_is_added_with_its_author(office, administrator):
    assert "Norte" in office.get(ADD).content.decode()
    assert office.post(ADD, TABLE).status_code == 302
    table = CoefficientTable.objects.get()
    assert (table.hundredths, table.author) == ({"1": 120, "3": 70}, administrator)
    assert coefficients_in_force() == {1: 120, 3: 70}


@pytest.mark.parametrize(
    "change", [{"c1": 69}, {"c1": 145}, {"c2": ""}, {"c3": "nan"}, {"year": 26}, {"decision": ""}]
)
def test_a_table_that_cannot_be_is_refused(office, change):
    assert office.post(ADD, TABLE | change).status_code == 200
    assert CoefficientTable.objects.count() == 0


def test_a_table_is_looked_at_and_not_changed(office):
    office.post(ADD, TABLE)
    table = CoefficientTable.objects.get()
    page = f"/admin/rankings/coefficienttable/{table.pk}/change/"
    delete = page.replace("change", "delete")
    assert "Acuerdo N.º 12" in office.get(page).content.decode()
    assert office.post(page, TABLE).status_code == 403
    assert office.post(delete, {"post": "yes"}).status_code == 403
