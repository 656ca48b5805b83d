"""The file of categories: loaded whole, kept as edited, refused with a line number."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Department
from issues.catalogue import COLUMNS, office_of
from issues.models import RANGES, Category, CategoryGroup, CostClass

GOOD = "PAV-01,Calles,Bache,Hoyo,punto,Operaciones,municipal,,gestion,2,20,publico,V"


@pytest.fixture
def file_of(tmp_path):
    """Writes a categories file with the right header and the given rows."""

    def write(*rows: str, header: str = ",".join(COLUMNS), encoding: str = "utf-8"):
        path = tmp_path / "categories.csv"
        path.write_bytes("\r\n".join([header, *rows]).encode(encoding))
        return path

    return write


@pytest.mark.django_db
def test_the_shipped_file_gives_40_categories_in_10_groups_each_with_an_office():
    call_command("load_categories")
    assert Category.objects.count() == 40
    assert CategoryGroup.objects.count() == 10
    assert Department.objects.count() == 12
    assert not Category.objects.filter(department__isnull=True).exists()


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_what_the_municipality_edited():
    call_command("load_categories")
    Category.objects.filter(code="PAV-01").update(name="Hoyo", is_open=False)
    call_command("load_categories")
    assert Category.objects.count() == 40
    assert Category.objects.get(code="PAV-01").name == "Hoyo"


@pytest.mark.django_db
def test_update_rewrites_what_is_present_but_does_not_open_a_closed_category(file_of):
    call_command("load_categories", file_of(GOOD))
    Category.objects.update(name="Hoyo", is_open=False)
    call_command("load_categories", file_of(GOOD), update=True)
    assert Category.objects.values_list("name", "is_open").get() == ("Bache", False)


@pytest.mark.parametrize(
    ("responsible", "office"),
    [
        ("DAOGA / Operaciones", "daoga"),
        ("Operaciones, previa calificación DOM (Ley 21.111)", "operaciones"),
        ("Tránsito (justificación) + SECPLA (financiamiento)", "transito"),
        ("SMAPA (600 100 4000)", "smapa"),
        ("Dirección de Salud", "salud"),
        ("Alguien", None),
    ],
)
def test_the_office_named_first_is_the_default(responsible, office):
    assert office_of(responsible) == office


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (GOOD.replace("PAV-01", "bache"), "Línea 2: el código"),
        (GOOD.replace(",2,20,", ",4,20,"), "entre 0 y 3"),
        (GOOD.replace(",2,20,", ",٢,20,"), "entre 0 y 3"),
        (GOOD.replace(",2,20,", ",2,0,"), "entre 1 y 3650"),
        (GOOD.replace(",2,20,", ",2,99999999999999999999,"), "entre 1 y 3650"),
        (GOOD.replace("punto", "volumen"), "«geometria»"),
        (GOOD.replace("publico", "abierto"), "«privacidad»"),
        (GOOD.replace("gestion", "otra"), "«pista»"),
        (GOOD.replace("Bache", ""), "«categoria»"),
        (GOOD.replace("Bache", "x" * 121), "«categoria»"),
        (GOOD + ",más", "Línea 2: tiene más celdas que columnas"),
        ("PAV-01,Calles", "Línea 2: «categoria» debe tener texto"),
        (GOOD + '\r\n"', "mal escrita"),
        (GOOD + "\r\n" + GOOD, "dos veces"),
        ("", "ninguna categoría"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence_and_nothing_is_stored(file_of, row, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("load_categories", file_of(row))
    assert not Category.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_the_file_may_come_from_any_spreadsheet(file_of, encoding):
    rows = [GOOD.replace("Hoyo", "Hoyo en “Ñuñoa” – sur"), ",,,,,,,,,,,,"]
    call_command("load_categories", file_of(*rows, encoding=encoding))
    assert Category.objects.get().example == "Hoyo en “Ñuñoa” – sur"


def test_a_file_may_say_what_such_a_problem_usually_costs_and_one_that_does_not_changes_nothing(db, file_of):
    header = ",".join((*COLUMNS, "costo_habitual"))
    call_command("load_categories", file_of(GOOD + ",C2", header=header))
    call_command("load_categories", file_of(GOOD), update=True)
    assert Category.objects.get().cost_forecast == "costo previsto C2: entre $500.000 y $5 millones"
    with pytest.raises(CommandError, match="costo_habitual"):
        call_command("load_categories", file_of(GOOD + ",C9", header=header))


@pytest.mark.parametrize("code", CostClass.values)
def test_each_class_of_cost_has_its_range_and_no_class_says_nothing(code):
    assert Category(usual_cost=code).cost_forecast == f"costo previsto {code}: {RANGES[CostClass(code)]}"
    assert Category().cost_forecast == ""


def test_a_file_with_other_columns_or_encoding_is_refused(file_of, tmp_path):
    with pytest.raises(CommandError, match="primera línea"):
        call_command("load_categories", file_of(GOOD, header="a,b"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("load_categories", file_of(GOOD.replace("Hoyo", "Françoise"), encoding="latin-1"))
    with pytest.raises(CommandError, match="No se puede leer"):
        call_command("load_categories", tmp_path / "nothing.csv")
