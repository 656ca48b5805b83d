"""CSV files as spreadsheets write them: read right, or refused by the line and the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import OLD_CODECS, Table, TableRefused, decoded

WRITTEN = "Junta Nº 12 “Los Aromos” – Población Ñuñoa; Club d’Ajedrez «Unión»"
SPANISH = st.lists(st.text("abcdeñáéíóúü", min_size=2), min_size=1).map(" ".join)


@pytest.fixture
def table_of(tmp_path):
    def read(content: bytes) -> Table:
        path = tmp_path / "tabla.csv"
        path.write_bytes(content)
        return Table(path)

    return read


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_the_letters_of_every_spreadsheet_are_read_right(codec):
    assert decoded(WRITTEN.encode(codec)) == WRITTEN


@pytest.mark.parametrize("codec", OLD_CODECS)
def test_accents_are_read_right_also_from_ms_dos(codec):
    text = "Población José María Caro; Peñalolén; JARDÍN PINGÜINO"
    assert decoded(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (
            b"uno\nClub d\x92amigos\n",
            "Línea 2: en «Club d’amigos» no se sabe qué letra es (U+2019 ’, U+00ED í",
        ),
        (b"Sector norte\x96sur", "U+2013 –, U+00F1 ñ"),
        (b"Colectivo Fran\xe7oise", "U+00E7 ç, U+00C1 Á"),
        (b"\x81\x8d", "no se sabe"),
        (b"Cl\x00ub", "no es texto"),
        (b"\xff\xfea", "no es texto"),
    ],
)
def test_what_may_be_two_letters_is_refused_by_their_names(raw, told):
    with pytest.raises(TableRefused) as refused:
        decoded(raw)
    assert told in str(refused.value)


@given(st.binary(max_size=60))
def test_no_bytes_are_read_with_a_letter_lost(raw):
    try:
        assert "\ufffd" not in decoded(raw) or "\ufffd".encode() in raw or raw[:1] in (b"\xff", b"\xfe")
    except TableRefused as refused:
        assert str(refused).endswith(".")


@given(text=SPANISH, codec=st.sampled_from(OLD_CODECS))
def test_plain_spanish_is_read_right_or_refused(text, codec):
    try:
        assert decoded(text.encode(codec)) == text
    except TableRefused as refused:
        assert "UTF-8" in str(refused)


def test_rows_of_empty_cells_are_no_rows_and_lines_keep_their_number(table_of):
    table = table_of("a;b\r\n1; x \r\n;;\r\n\u200b;\r\n\r\n2;\r\n".encode())
    assert table.columns == ("a", "b")
    assert list(table.rows()) == [(2, {"a": "1", "b": "x"}), (6, {"a": "2", "b": ""})]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a;b\n1;2;3\n", "Línea 2: tiene más celdas que columnas."),
        (b'a;b\n"1;2\n', "mal escrita"),
        ("a;b\n1;\ufffd\n".encode(), "Línea 2: En «�» hay letras que se perdieron"),
        ("a;b\n1;\ufffe\n".encode(), "(U+FFFE)"),
    ],
)
def test_a_wrong_row_is_refused_by_its_line(table_of, content, told):
    with pytest.raises(TableRefused) as refused:
        list(table_of(content).rows())
    assert told in str(refused.value)
