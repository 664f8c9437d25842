"""Rosters (the rules of cases G-6): heads, doubles, classes in any case, unknown ids, and an exported file changes nothing."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import event, func, select

from schools import consent, people, roster_files, rosters
from schools.tables import Class, Consent, Learner, School
from tests.schools.conftest import NOW


def taken(database, school, text, dry_run=False):
    """(what each row became, [(line, what was refused)]) after importing ``text``."""
    raw = text if isinstance(text, bytes) else text.encode()
    entries, problems = roster_files.read(raw)
    with database.writing() as db:
        of = db.get(School, school)
        planned = rosters.plan(db, of, entries, problems)
        steps = [(step.entry.line, step.change, tuple(step.what)) for step in planned.steps]
        if not dry_run and not planned.problems:
            rosters.carry_out(db, of, planned, NOW)
    return steps, [(problem.where, problem.what) for problem in planned.problems]


def learners(database, school):
    with database.reading() as db:
        found = people.learners(db, school)
        rooms = {room.id: room.name for room in people.classes(db, school)}
        return [(one.name, one.msisdn, rooms[one.class_id], consent.state(db, one.id)) for one in found]


def exported(database, school):
    with database.reading() as db:
        return list(rosters.rows(db, db.get(School, school)))


def test_learners_classes_and_consent_are_taken(database, two_schools):
    school = two_schools.A.school
    text = (
        "\ufeffNama;No. HP;Kelas;Persetujuan;Wali;Cara\r\nTuti;0812-3333-4444;5a;setuju;Bu Tuti;kertas\r\n"
        "Tono;+62 813 3333 4444;6 B;;;\r\nTini;6281233334444;VI-C;;;\r\n"
    )
    assert taken(database, school, text) == ([(2, "new", ()), (3, "new", ()), (4, "new", ())], [])
    assert learners(database, school) == [
        ("Murid A", "+6281234567890", "5A", "unknown"),
        ("Tini", "+6281233334444", "VI-C", "unknown"),
        ("Tono", "+6281333334444", "6 B", "unknown"),
        ("Tuti", "+6281233334444", "5A", "given"),
    ]
    assert taken(database, school, text) == ([(2, "same", ()), (3, "same", ()), (4, "same", ())], [])
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Consent).where(Consent.guardian == "Bu Tuti")) == 1
        assert dict(db.execute(select(Class.name, Class.grade).where(Class.school_id == school)).all()) == {
            "5A": 5,
            "6 B": 6,
            "VI-C": 6,
        }


def test_an_exported_file_changes_nothing(database, two_schools):
    for school in (two_schools.A.school, two_schools.B.school):
        from core import sheets

        raw = sheets.write_csv(rosters.HEAD, exported(database, school)).encode()
        assert taken(database, school, raw) == ([(2, "same", ())], [])
        book = sheets.write_xlsx(rosters.HEAD, exported(database, school))
        assert taken(database, school, book) == ([(2, "same", ())], [])


def test_a_row_with_an_id_changes_what_it_says_and_a_star_keeps_it(database, two_schools):
    a = two_schools.A
    head = "id,name,msisdn,class,consent,guardian,how\n"
    changed = f"{head}{a.learner},Murid Alif,*,6A,given,Pak Alif,call\n"
    assert taken(database, a.school, changed) == ([(2, "changed", ("nama", "kelas", "persetujuan wali"))], [])
    assert learners(database, a.school) == [("Murid Alif", "+6281234567890", "6A", "given")]
    assert taken(database, a.school, f"{head}{a.learner},*,081299998888,6a,,,\n")[0] == [(2, "changed", ("nomor",))]
    assert taken(database, a.school, f"{head}{a.learner},*,*,6a,withdrawn,Pak Alif,call\n")[0] == [
        (2, "changed", ("persetujuan wali",))
    ]
    assert learners(database, a.school) == [("Murid Alif", "+6281299998888", "6A", "withdrawn")]
    assert taken(database, a.school, f"{head}{a.learner},*,*,6a,ditarik,Bu Lain,sms\n")[0] == [(2, "same", ())]
    again = f"{head}{a.learner},*,*,5a,ditarik,Bu Lain,sms\n"  # what was taken back already hides nothing else of the row
    assert taken(database, a.school, again)[0] == [(2, "changed", ("kelas",))]
    assert learners(database, a.school) == [("Murid Alif", "+6281299998888", "5A", "withdrawn")]


def test_a_name_in_another_case_is_the_same_learner(database, two_schools):
    assert taken(database, two_schools.A.school, "nama,nomor,kelas\nMURID a,0812 3456 7890,5a\n") == ([(2, "same", ())], [])
    assert learners(database, two_schools.A.school)[0][0] == "Murid A"


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("Tuti,0812,5A", [("line 2", "Nomor ini tidak terbaca.")]),
        ("Tuti,0215551234,5A", [("line 2", "Nomor ini bukan nomor ponsel.")]),
        (",081233334444,", [("line 2", "Nama murid masih kosong."), ("line 2", "Kelasnya masih kosong.")]),
        ("Tuti,081233334444,Melati", [("line 2", "Tingkat kelas Melati belum diketahui.")]),
        ("Tuti,081233334444,5A\nTUTI,+6281233334444,5a", [("line 3", "Murid ini sudah ada di baris 2.")]),
        ("*,081233334444,5A", [("line 2", "Tanda * hanya untuk murid yang sudah ada.")]),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(database, two_schools, rows, refused):
    assert taken(database, two_schools.A.school, f"nama,nomor,kelas\n{rows}\n")[1] == refused
    assert len(learners(database, two_schools.A.school)) == 1


@pytest.mark.parametrize("grade", ["0", "13", "0129", "-1", "²", f"012{'9' * 4500}"])
def test_a_grade_is_one_of_twelve(database, two_schools, grade):
    refused = taken(database, two_schools.A.school, f"nama,nomor,kelas,tingkat\nTuti,081233334444,Melati,{grade}\n")[1]
    assert refused == [("line 2", "Tingkat kelas adalah angka 1 sampai 12.")]


def test_a_whole_school_asks_as_little_as_a_few(database, two_schools):
    """Every learner of every school waits for the one writer meanwhile."""

    def questions(first, last):
        rows = "".join(f"Murid {n},08123333{n:04d},5A,setuju,Wali {n}\n" for n in range(first, last))
        asked = []

        def listen(*told):
            asked.extend([told[2]] if told[2].startswith("SELECT") else [])

        event.listen(database.engine, "before_cursor_execute", listen)
        assert taken(database, two_schools.A.school, f"nama,nomor,kelas,persetujuan,wali\n{rows}")[1] == []
        event.remove(database.engine, "before_cursor_execute", listen)
        return len(asked)

    assert questions(0, 5) == questions(5, 55)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("9999,Tuti,081233334444,5A,,,,", "Murid dengan id 9999 tidak ada di sekolah ini."),
        ("{b},Murid B,*,5A,,,,", "Murid dengan id {b} tidak ada di sekolah ini."),
        ("x,Tuti,081233334444,5A,,,,", "Id ini tidak terbaca: x."),
        ("99999999999,Tuti,081233334444,5A,,,,", "Id ini tidak terbaca: 99999999999."),
        (f"{'1' * 4500},Tuti,081233334444,5A,,,,", f"Id ini tidak terbaca: {'1' * 20}."),
        (",Tuti,081233334444,5A,setuju,,kertas,", "Nama wali masih kosong."),
        (",Tuti,081233334444,5A,setuju,Bu Tuti,,", "Pilih bagaimana wali menyatakannya."),
        (",Tuti,081233334444,5A,mungkin,Bu Tuti,sms,", "Persetujuan ini tidak terbaca: mungkin."),
        (",Tuti,081233334444,5A,ditarik,Bu Tuti,sms,", "Tidak ada persetujuan yang sedang berlaku."),
        (",Tuti,081233334444,5A,,,,xx", "Bahasa xx tidak ada."),
    ],
)
def test_ids_consent_and_languages_are_checked(database, two_schools, row, what):
    b = two_schools.B.learner
    text = f"id,nama,nomor,kelas,persetujuan,wali,cara,bahasa\n{row.format(b=b)}\n"
    assert taken(database, two_schools.A.school, text)[1] == [("line 2", what.format(b=b))]


def test_heads_that_miss_or_double_a_column(database, two_schools):
    school = two_schools.A.school
    assert taken(database, school, "nama,kelas\nTuti,5A\n")[1] == [("line 1", "Kolom ini tidak ada: msisdn.")]
    assert taken(database, school, "\nnama,hp,kelas,Nama\nTuti,1,5A,x\n")[1] == [("line 2", "Kolom Nama ada dua kali.")]
    assert taken(database, school, "nama,hp,kelas\n")[1] == [("", "Tidak ada murid di berkas ini.")]
    assert taken(database, school, "")[1] == [("", "Berkas ini kosong.")]


def test_a_sheets_numbers_are_read_and_its_formulas_are_not(database, two_schools):
    book = Workbook()
    for row in (["Nama", "Nomor", "Kelas"], ["Tuti", 81233334444, "5A"], ["Tono", "=1+1", "5A"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert taken(database, two_schools.A.school, out.getvalue())[1] == [
        ("line 3", "Ada sel yang berisi rumus; rumus tidak dihitung.")
    ]
    book.active.delete_rows(3)
    out = io.BytesIO()
    book.save(out)
    assert taken(database, two_schools.A.school, out.getvalue())[0] == [(2, "new", ())]
    assert learners(database, two_schools.A.school)[1][1] == "+6281233334444"


def test_names_that_are_commands_go_out_harmless_and_come_back(app, database, two_schools):
    school = two_schools.A.school
    assert taken(database, school, 'nama,nomor,kelas\n"=HYPERLINK(1)",081233334444,5A\n')[0] == [(2, "new", ())]
    run = app.test_cli_runner()
    raw = run.invoke(args=["export-roster", "--school", "99000001"]).stdout_bytes
    assert b'"\'=HYPERLINK(1)"' in raw
    assert [change for _, change, _ in taken(database, school, raw)[0]] == ["same", "same"]
    book = run.invoke(args=["export-roster", "--school", "99000001", "--format", "xlsx"]).stdout_bytes
    assert {cell.data_type for row in load_workbook(io.BytesIO(book)).active.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_command_says_each_line_and_exits_as_it_went(app, database, two_schools, tmp_path):
    run, path = app.test_cli_runner(), tmp_path / "murid.csv"
    path.write_text("nama,nomor,kelas\nTuti,081233334444,5A\nTono,x,5A\n")
    done = run.invoke(args=["import-roster", str(path), "--school", "99000001"])
    assert (done.exit_code, done.stdout, done.stderr.splitlines()[0]) == (
        1, "", "line 3: Nomor ini tidak terbaca. Tulis misalnya 0812 3456 7890.",
    )  # fmt: skip
    assert run.invoke(args=["import-roster", str(path), "--school", "99000001", "--skip-bad", "--dry-run"]).exit_code == 0
    assert len(learners(database, two_schools.A.school)) == 1
    done = run.invoke(args=["import-roster", str(path), "--school", "99000001", "--skip-bad"])
    assert (done.exit_code, done.stdout.splitlines()) == (0, ["line 2: Tuti, 5A: baru", "99000001: 1 baru, 0 diubah, 0 sama"])
    assert run.invoke(args=["import-roster", str(path), "--school", "11111111"]).exit_code == 1


def test_a_school_is_made_where_there_was_none(app, database):
    run = app.test_cli_runner()
    arguments = ["school", "create", "99000077", "--name", "SD Baru", "--region", "53.71", "--region-name", "Kupang"]
    assert run.invoke(args=[*arguments, "--time-zone", "Asia/Makassar"]).stdout == "99000077\tSD Baru\tAsia/Makassar\n"
    assert run.invoke(args=[*arguments, "--time-zone", "Asia/Nowhere"]).exit_code == 1


@given(st.binary(max_size=200) | st.text('"*;,\n0812A5', max_size=60).map(lambda text: f"id;nama;hp;kelas\n{text}".encode()))
def test_no_bytes_make_reading_raise(raw):
    entries, problems = roster_files.read(raw)
    assert all(entry.name and entry.msisdn and entry.class_name for entry in entries)
    assert entries or problems


def test_two_of_one_name_on_one_number_want_an_id(database, two_schools):
    school = two_schools.A
    with database.writing() as db:
        room = people.class_named(db, school.school, "6A", 6)
        db.add(Learner(school_id=school.school, class_id=room.id, name="Murid A", msisdn="+6281234567890", created_at=NOW))
    assert taken(database, school.school, "nama,nomor,kelas\nMurid A,081234567890,5A\n")[0] == [(2, "same", ())]
    assert taken(database, school.school, "nama,nomor,kelas\nMurid A,081234567890,7A\n")[1] == [
        ("line 2", "Ada 2 murid dengan nama dan nomor ini.")
    ]


def test_unknown_columns_are_named_and_a_list_of_consents_is_the_signed_one(database, two_schools):
    entries, problems = roster_files.read(
        b"Student Name,NISN,Phone Number,Class,Consent,Guardian\nTuti,123,081233334444,5A,yes,Bu Tuti\n"
    )
    assert [(entry.name, entry.msisdn, entry.statement) for entry in entries] == [
        ("Tuti", "+6281233334444", ("given", "Bu Tuti", "paper"))
    ]
    assert [(problem.what, problem.stops) for problem in problems] == [("Kolom yang tidak dikenal tidak dibaca: NISN.", False)]
    with database.reading() as db:
        planned = rosters.plan(db, db.get(School, two_schools.A.school), entries, problems)
    assert (planned.problems, len(planned.notes), planned.count("new")) == ([], 1, 1)
