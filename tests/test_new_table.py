"""The command new with a table: rows and spreadsheets that become records."""

import csv
import datetime as dt
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from ending import run
from openpyxl.chart import BarChart

from onehealthkg.editing.field_values import NotUnderstood
from onehealthkg.editing.fields import BY_NAME, FIELDS
from onehealthkg.editing.new_record import reader_of
from onehealthkg.editing.table import (
    LARGEST,
    LARGEST_UNPACKED,
    MOST_ROWS,
    Problem,
    SheetRow,
    read_table,
)
from onehealthkg.errors import InputError
from onehealthkg.files import zipped
from onehealthkg.paths import Project, bundled

# Tables.


def table(tmp_path: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


HEAD = "party,kind,signed,source,confidence,title\n"
GOOD = "ANSES; InVS,framework agreement,2012-04-10,https://x.example/;a=1 | X | fr,medium,One\n"


def test_rows_become_records(
    capsys: pytest.CaptureFixture[str], linked: Project, tmp_path: Path
) -> None:
    other = (
        '"OIE;FAO",memorandum of understanding,1952,https://x.example/2 | X | en,low,"Two, long"\n'
    )
    path = table(tmp_path, HEAD + GOOD + ",,,,,\n" + other)
    code, out, err = run(capsys, "new", "--from-csv", str(path), "--project", linked.root)
    folder = Path(linked.root, "data", "partnerships")
    names = ["anses-invs-2012.yaml", "woah-fao-1952.yaml"]
    assert (code, out) == (0, "".join(f"{folder / name}\n" for name in names))
    assert err.splitlines() == [
        f'{path}: row 4: "OIE" is the former name of WOAH (organisation-woah).',
        "new: 2 rows: 2 written, 0 invalid.",
    ]
    assert (folder / names[1]).read_text("utf-8") == (
        "id: agreement-woah-fao-1952\n"
        "type: Agreement\n"
        "label:\n"
        "  en: Two, long\n"
        "  fr: Protocole d'accord entre OMSA et FAO (1952)\n"
        "kinds: [kind-memorandum-of-understanding]\n"
        "yearSigned: 1952\n"
        "parties: [organisation-fao, organisation-woah]\n"
        "sources:\n"
        "  - id: https://x.example/2\n"
        "    publisherName: X\n"
        "    inLanguage: en\n"
        "confidence: low\n"
    )
    before = (folder / names[0]).read_bytes()
    code, out, err = run(capsys, "new", "--from-csv", str(path), "--project", linked.root)
    assert (code, out) == (1, "")
    assert f"{path}: row 2: agreement-anses-invs-2012 has the same parties" in err
    assert (folder / names[0]).read_bytes() == before


@pytest.mark.slow
def test_all_errors_in_a_table_are_reported_with_row_and_column(
    capsys: pytest.CaptureFixture[str], linked: Project, tmp_path: Path
) -> None:
    bad = "ANSES; Foo Bar Baz,pact of blood,10/04/2012,nowhere,,\n"
    late = "ANSES; EFSA,framework agreement,2020,https://x.example/3 | X | en,low,Three,2019\n"
    path = table(tmp_path, HEAD.strip() + ",ends\n" + GOOD.strip() + ",\n" + bad + late)
    folder = Path(linked.root, "data", "partnerships")
    options = ("--from-csv", str(path), "--project", linked.root)
    code, out, err = run(capsys, "new", *options)
    assert (code, out) == (1, "")
    lines = [line.removeprefix(f"{path}: ") for line in err.splitlines()]
    assert [line.partition(": ")[0] for line in lines] == [
        "row 3, column confidence",
        "row 3, column kind",
        "row 3, column party",
        "row 3, column signed",
        "row 3, column source",
        "row 4, column ends",
        "new",
    ]
    assert lines[3] == (
        'row 3, column signed: "10/04/2012" is not a calendar date in a known form; write '
        "2012-04-10, 2012-04 or 2012, as exact as the source."
    )
    assert lines[-1] == (
        "new: 3 rows: 0 written, 2 invalid. Nothing was written; --skip-bad writes the valid rows."
    )
    assert not list(folder.glob("*anses-invs*"))
    code, out, err = run(capsys, "new", *options, "--skip-bad")
    assert (code, out) == (1, f"{folder / 'anses-invs-2012.yaml'}\n")
    assert err.splitlines()[-1] == "new: 3 rows: 1 written, 2 invalid."


@pytest.mark.slow
def test_rows_that_repeat_one_another_are_reported(
    capsys: pytest.CaptureFixture[str], linked: Project, tmp_path: Path
) -> None:
    path = table(tmp_path, HEAD + GOOD + GOOD.replace("2012-04-10", "2012-04"))
    code, _, err = run(capsys, "new", "--from-csv", str(path), "--project", linked.root)
    assert code == 1
    assert err.splitlines()[0] == (
        f"{path}: row 3: agreement-anses-invs-2012 has the same parties and may be the same "
        "agreement (2012-04-10). Delete the row, or add --allow-repeats."
    )


ROWS = [SheetRow(2, {"party": "ANSES; Ünal", "signed": "2012"})]


@pytest.mark.parametrize(
    "data",
    [
        "party,signed\nANSES; Ünal,2012\n",
        'party;signed\r\n"ANSES; Ünal";2012\r\n',
        "party\tsigned\nANSES; Ünal\t2012",
        '"Party "," signed"\n"ANSES; Ünal","2012"\n\n,\n',
        "\ufeffparty,signed,\nANSES; Ünal,2012,\n",
    ],
)
def test_commas_semicolons_tabs_and_the_mark_of_excel_are_understood(
    tmp_path: Path, data: str
) -> None:
    assert read_table(table(tmp_path, data)) == ([*ROWS], [])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (
            "party,partys\n",
            [Problem(1, "B", 'There is no field "partys". Did you mean party or part-of?')],
        ),
        ("party,party\n", [Problem(1, "B", "party names column A too.")]),
        (
            "party\nANSES,Inserm\n",
            [Problem(2, "B", "The column has no name in row 1; is a cell unquoted?")],
        ),
    ],
)
def test_names_of_columns_are_checked(tmp_path: Path, data: str, problems: list[Problem]) -> None:
    assert read_table(table(tmp_path, data)).problems == problems


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "row 1 has none of the columns of a table of partnerships"),
        (b"a,b\n1,2\n", "row 1 has none of the columns"),
        ("party,title\nANSES,Été".encode("latin-1"), ":2: byte 0xc9 is not UTF-8; save the file as UTF-8. In Excel"),
        ("party,title\nANSES,x".encode("utf-16"), ":1: byte 0xff is not UTF-8"),
        (b'party,title\n"ANSES,x\n', "this is not CSV: unexpected end of data."),
        (b"sep=;\nparty;title\n", ":1: remove the line sep=;"),
        (b"SEP=,\nparty,title\n", ":1: remove the line SEP=,"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "this is a file of Excel before 2007 (.xls), or has a password; save it as .xlsx"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is an OpenDocument file (.ods); save it as .xlsx"),
        (b"party\n" + b"x" * 200_000 + b"\n", "this is not CSV: field larger than field limit"),
        (b"party\n" + b"ANSES\n" * (MOST_ROWS + 1), "there are more than 5,000 rows"),
        (b"PK\x03\x04 no archive", "this is not a spreadsheet"),
        (b'<?xml version="1.0"?><Workbook/>', "this is XML, not a table; save it as .xlsx"),
        (b"<html><table/></html>", "this is a page of HTML, not a table"),
        (b"%PDF-1.7", "this is a PDF file"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_table_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    before = csv.field_size_limit(131_072)  # Python's own; frictionless raises it for all
    try:
        with pytest.raises(InputError) as error:
            read_table(table(tmp_path, data))
    finally:
        csv.field_size_limit(before)
    assert message in str(error.value)


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match=f"50,000,000 bytes; a table has at most {LARGEST:,}"):
        read_table(path)
    with pytest.raises(InputError, match="there is no such file"):
        read_table(tmp_path / "none.csv")


# Spreadsheets.


def xlsx(tmp_path: Path, *rows: tuple[object, ...], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cell, form in (formats or {}).items():
        book.active[cell].number_format = form
    path = tmp_path / "table.xlsx"
    book.save(path)
    return path


def test_cells_of_a_spreadsheet_are_as_exact_as_they_are_shown(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        ("party", "signed", "started", "ends", "term", "automatic-extension"),
        ("ANSES", datetime(2012, 4, 10), datetime(2012, 4, 1), date(2012, 1, 1), 5.0, True),  # noqa: DTZ001
        (None, None, None),
        ("EFSA", 2012, 2012.0, "2012-04", "5 years", False),
        formats={"B2": "dd/mm/yyyy", "C2": "mmm\\-yy", "D2": '[$-40C]yyyy" d"'},
    )
    assert read_table(path) == (
        [
            SheetRow(2, {"party": "ANSES", "signed": "2012-04-10", "started": "2012-04", "ends": "2012",
                    "term": "5", "automatic-extension": "yes"}),
            SheetRow(4, {"party": "EFSA", "signed": "2012", "started": "2012", "ends": "2012-04",
                    "term": "5 years", "automatic-extension": "no"}),
        ],
        [],
    )  # fmt: skip


def test_formulas_merged_cells_and_errors_are_reported(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party", "signed", "title"), ("=A1", "2012", "#N/A"), ("EFSA", "2012"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B2:B3")
    book.save(path)
    merged = "The cell is merged with others; unmerge them, and fill each."
    assert read_table(path).problems == [
        Problem(2, "A", "There is a formula; replace it with its value, as text."),
        Problem(2, "B", merged),
        Problem(2, "C", "The spreadsheet shows an error here, #N/A; correct it."),
        Problem(3, "B", merged),
    ]


def test_a_merged_cell_among_the_names_is_reported(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party", "signed", "title"), ("ANSES", "2012", "x"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B1:C1")
    book.save(path)
    merged = "The cell is merged with others; unmerge them, and fill each."
    assert read_table(path) == (
        [SheetRow(2, {"party": "ANSES"})],
        [Problem(1, "B", merged), Problem(1, "C", merged)],
    )


def test_names_that_are_all_merged_or_computed_are_reported(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("=A2", None), ("party", "signed"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B1:C1")
    book.save(path)
    assert [problem.column for problem in read_table(path).problems] == ["A", "B", "C"]


DAY = datetime(2011, 7, 5, 14, 30)  # noqa: DTZ001
SHOWN = {
    "yyyy-mm-dd": "2011-07-05",
    "yyyy-mm-dd hh:mm:ss": "2011-07-05",
    "dd/mm/yyyy h:mm AM/PM": "2011-07-05",
    "d-mmm-yy": "2011-07-05",
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy": "2011-07-05",
    "jj/mm/aaaa": "2011-07-05",
    "mmm-yy": "2011-07",
    "mmmm yyyy;@": "2011-07",
    "ddd mmm yyyy": "2011-07",
    '"le mois de" mmmm yyyy': "2011-07",
    "yyyy": "2011",
    '"h"yyyy': "2011",
}
NOT_SHOWN = {
    "h:mm": "only a time",
    "mm:ss": "only a time",
    "mm:ss.0": "only a time",
    "[h]:mm:ss": "only a time",
    "h:mm AM/PM": "only a time",
    "hh\\:mm": "only a time",
    "d-mmm": "no year",
    "mmmm": "no year",
    "d/m h:mm": "no year",
}


@pytest.mark.parametrize("form", SHOWN)
def test_a_date_is_as_exact_as_its_format_shows(tmp_path: Path, form: str) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", DAY), formats={"B2": form})
    assert read_table(path) == ([SheetRow(2, {"party": "ANSES", "signed": SHOWN[form]})], [])


@pytest.mark.parametrize("form", NOT_SHOWN)
def test_a_date_whose_year_is_not_shown_is_refused(tmp_path: Path, form: str) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", DAY), formats={"B2": form})
    [problem] = read_table(path).problems
    assert (problem.row, problem.column) == (2, "B")
    assert re.match(
        f"(The text shown, {NOT_SHOWN[form]},|A time) is not a readable date", problem.message
    )


@pytest.mark.parametrize("value", [dt.time(14, 30), dt.timedelta(hours=30)])
def test_a_time_is_not_a_date(tmp_path: Path, value: object) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", value))
    assert read_table(path).problems[0].message.startswith("A time is not a readable date")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ANSES_x000D_\nEFSA", "ANSES\r\nEFSA"),
        ("a_x000a_b_x0009_c", "a\nb\tc"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x00E9_tude", "étude"),
        ("a_x00D_b_xyz", "a_x00D_b_xyz"),
        ("_xD83D__xDE00_", "\U0001f600"),
    ],
)
def test_escaped_characters_of_a_spreadsheet_are_read(tmp_path: Path, text: str, read: str) -> None:
    path = xlsx(tmp_path, ("party", "title"), ("ANSES", text))
    assert read_table(path).rows == [SheetRow(2, {"party": "ANSES", "title": read})]


@pytest.mark.parametrize(
    ("value", "form", "read"),
    [
        (0.05, "0%", "5%"),
        (0.125, "0.0 %", "12.5%"),
        (0.05, '0.00" %"', "0.05"),
        (42, "00000", "00042"),
        (0.1, "0.00", "0.1"),
        (5000000.0, "#,##0", "5000000"),
        (999999999999999, "0", "999999999999999"),
    ],
)
def test_a_number_is_read_as_it_is_shown(
    tmp_path: Path, value: float, form: str, read: str
) -> None:
    path = xlsx(tmp_path, ("party", "title"), ("ANSES", value), formats={"B2": form})
    assert read_table(path).rows == [SheetRow(2, {"party": "ANSES", "title": read})]


@pytest.mark.parametrize(
    ("value", "form", "message"),
    [
        (12345678901234567890, "0", "A spreadsheet keeps only 15 digits of a number"),
        (1e21, "General", "A spreadsheet keeps only 15 digits of a number"),
        (-5, "yyyy-mm-dd", "A negative number is not a readable date"),
        ("a_xD83D_b", "General", "There is half of a character here"),
    ],
)
def test_a_cell_with_a_doubtful_value_is_refused(
    tmp_path: Path, value: object, form: str, message: str
) -> None:
    path = xlsx(tmp_path, ("party", "title"), ("ANSES", value), formats={"B2": form})
    [problem] = read_table(path).problems
    assert (problem.row, problem.column) == (2, "B")
    assert problem.message.startswith(message)


@pytest.mark.parametrize("rows", [(), (("How to fill in this file",),)], ids=["empty", "words"])
def test_a_sheet_before_the_table_is_skipped(
    tmp_path: Path, rows: tuple[tuple[str, ...], ...]
) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", "2012"))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("first", 0)
    for row in rows:
        sheet.append(row)
    book.save(path)
    assert read_table(path).rows == [SheetRow(2, {"party": "ANSES", "signed": "2012"})]


def test_rows_and_columns_without_height_or_width_are_hidden(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", "2012"), ("EFSA", "2011"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b'<row r="3"', b'<row r="3" ht="0"')
    columns = b'<cols><col min="2" max="2" width="0"/></cols><sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"<sheetData>", columns)
    path.write_bytes(zipped(members))
    places = [(problem.row, problem.column) for problem in read_table(path).problems]
    assert places == [(1, "B"), (2, "B"), (3, "")]


def test_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", "2012"))
    book = openpyxl.load_workbook(path)
    for title, state in (("old", "hidden"), ("older", "veryHidden")):
        sheet = book.create_sheet(title, 0)
        sheet.append(("party", "signed"))
        sheet.append(("EFSA", "2011"))
        sheet.sheet_state = state
    book.active = 2
    book.save(path)
    assert read_table(path).rows == [SheetRow(2, {"party": "ANSES", "signed": "2012"})]
    book["old"].sheet_state = "visible"
    book.save(path)
    with pytest.raises(InputError, match='the sheets "old" and "Sheet" both have a table'):
        read_table(path)


def test_hidden_rows_and_columns_are_reported(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party", "signed"), ("ANSES", "2012"), ("EFSA", "2013"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[0].column_dimensions["B"].hidden = True
    book.save(path)
    assert read_table(path) == (
        [SheetRow(2, {"party": "ANSES"}), SheetRow(3, {})],
        [
            Problem(1, "B", "The column is hidden; show it, or delete it."),
            Problem(2, "B", "The column is hidden; show it, or delete it."),
            Problem(3, "", "The row is hidden; show it, or delete it."),
        ],
    )


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ufffe"]
)
def test_an_invisible_character_is_refused(sign: str) -> None:
    reader = reader_of(bundled(), "en")
    code = f"U+{ord(sign):04X}"
    with pytest.raises(NotUnderstood, match=re.escape(f"invisible character, {code}; remove it")):
        reader.read(BY_NAME["title"], f"Trial{sign} arrangement")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_invisible_character_gets_from_a_table_into_a_record(
    linked: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str
) -> None:
    path = xlsx(tmp_path, ("party", "title"), ("ANSES", "Trial_x0007_"))
    if ending == "csv":
        path = tmp_path / "table.csv"
        path.write_text("party,title\nANSES,Trial\x07\n", encoding="utf-8")
    before = linked.records
    code, out, err = run(capsys, "new", "--from-csv", str(path), "--project", linked.root)
    said = "row 2, column title: There is an invisible character, U+0007; remove it."
    assert (code, said in out + err, linked.records) == (1, True, before)


def test_content_far_beside_the_table_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ("party",))
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(path)
    with pytest.raises(InputError, match="there is something in row 1,048,576, column XFD"):
        read_table(path)


def packed(tmp_path: Path, name: str, data: bytes) -> Path:
    """A spreadsheet with one more or another member."""
    good, path = xlsx(tmp_path, ("party",), ("ANSES",)), tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return path


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, "xl/worksheets/sheet1.xml", b" " * (LARGEST_UNPACKED + 1))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="unpacked, the file has"):
        read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_spreadsheet_are_refused(tmp_path: Path, encoding: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    path = packed(tmp_path, "xl/worksheets/sheet1.xml", xml.encode(encoding))
    with pytest.raises(InputError, match=r"sheet1\.xml has a document type; save the file again"):
        read_table(path)


@pytest.mark.parametrize(
    "name", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_damaged_spreadsheet_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="this is not a readable spreadsheet"):
        read_table(packed(tmp_path, name, b"<x"))


def test_strict_open_xml_is_refused(tmp_path: Path) -> None:
    xml = b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
    with pytest.raises(InputError, match="this is “Strict Open XML”"):
        read_table(packed(tmp_path, "xl/workbook.xml", xml))


def test_a_sheet_of_charts_before_the_table_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["party", "title"])
    book.worksheets[0].append(["ANSES", "x"])
    book.create_chartsheet("Charts", 0).add_chart(BarChart())
    book.save(tmp_path / "x.xlsx")
    rows = [SheetRow(2, {"party": "ANSES", "title": "x"})]
    assert read_table(tmp_path / "x.xlsx") == (rows, [])
    book.worksheets[0].sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="all sheets are hidden"):
        read_table(tmp_path / "x.xlsx")


@pytest.mark.filterwarnings("error")
def test_a_date_beyond_the_calendar_is_an_error_without_a_warning(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["party", "signed"])
    book.worksheets[0]["B2"] = 2_958_466
    book.worksheets[0]["B2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "x.xlsx")
    [problem] = read_table(tmp_path / "x.xlsx").problems
    assert problem.message == "The spreadsheet shows an error here, #VALUE!; correct it."


@pytest.mark.parametrize("name", ["template.csv", "template.xlsx"])
def test_the_template_is_a_table_with_an_example(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    assert run(capsys, "new", "--template", "-o", str(path)) == (0, "", "")
    example = {one.name: one.example for one in FIELDS if one.example}
    assert read_table(path) == ([SheetRow(2, example)], [])
    before = path.read_bytes()
    assert run(capsys, "new", "--template", "-o", str(path))[0] == 0
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_spreadsheet_makes_the_records_that_a_csv_makes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, linked: Project
) -> None:
    made = []
    for ending in ("csv", "xlsx"):
        path, folder = tmp_path / f"template.{ending}", tmp_path / ending
        run(capsys, "new", "--template", "-o", str(path))
        options = ("--from-csv", str(path), "-o", str(folder), "--project", linked.root)
        file = folder / f"{BY_NAME['name'].example}.yaml"
        assert run(capsys, "new", *options)[:2] == (0, f"{file}\n")
        made.append(file.read_bytes())
    assert made[0] == made[1]


def test_the_template_on_standard_output_has_no_mark(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "new", "--template")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == ",".join(one.name for one in FIELDS)
