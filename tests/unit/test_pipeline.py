"""The pipeline on a disk: what it writes, what it holds, what it survives, and that bytes repeat."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from tests.support.districts import EXAMPLES, ROOT

from plbuild import archive, documents, pipeline
from plbuild.model import InputError, SpecError, TemplateError, digest
from plbuild.pipeline import Folders, Report, SerialExecutor, files, offices, sharing, templates, work

FOLDERS = Folders(workbook_templates=ROOT / "workbook_templates", output_templates=ROOT / "output_templates")
AS_OF = date(2026, 11, 23)


def quiet(_: str) -> None:
    """Shows no progress."""


def build(
    folder: Path, out: Path, executor: sharing.Executor | None = None, folders: Folders = FOLDERS
) -> Report:
    """A build on one fixed day."""
    return pipeline.build(folder, folders, out, executor or SerialExecutor(), AS_OF, quiet)


def tree(folder: Path) -> dict[str, bytes]:
    """Every output below a folder with its bytes."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {name: data for name, data in found.items() if not name.startswith(".plbuild/")}


def plans_in(out: Path) -> list[str]:
    """The Word plans below an output folder."""
    return sorted(name for name in tree(out) if name.startswith("plans/") and name.endswith(".docx"))


def parts(files: dict[str, bytes]) -> dict[str, object]:
    """The files, of Office files their parts: another zlib packs the same parts otherwise."""
    return {name: archive.read(data) if data[:2] == b"PK" else data for name, data in files.items()}


@pytest.fixture(scope="module")
def maple(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """The example with mistakes, built once."""
    out = tmp_path_factory.mktemp("maple") / "out"
    return build(EXAMPLES / "maple-ridge", out), out


def test_the_good_example_is_built_whole(tmp_path: Path) -> None:
    report = build(EXAMPLES / "cedar-valley", tmp_path)
    assert report.exit_status == pipeline.OK
    assert report.faults == ()
    plans = plans_in(tmp_path)
    assert len(plans) == 9
    assert "plans/schools/san-jose-middle-school-089910000103.docx" in plans
    assert {"rollup.xlsx", "findings.csv", "manifest.json", "data/status.csv"} <= set(tree(tmp_path))
    assert "8 of 8 school plans accepted." in report.text()


def test_serial_pool_and_spawn_give_the_same_bytes_and_so_do_two_runs(
    maple: tuple[Report, Path], tmp_path: Path
) -> None:
    first = tree(maple[1])
    build(EXAMPLES / "maple-ridge", tmp_path / "again")
    assert tree(tmp_path / "again") == first
    for method in ("fork", "spawn"):
        with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
            build(EXAMPLES / "maple-ridge", tmp_path / method, pool)
        assert tree(tmp_path / method) == first


def test_a_held_plan_has_no_document_and_no_place_in_the_figures(maple: tuple[Report, Path]) -> None:
    report, out = maple
    assert report.exit_status == pipeline.HELD
    states = {item.owner.name: item.state for item in report.statuses}
    assert states == {
        "Maple Ridge Public Schools": "accepted",
        "Birch Street School": "accepted",
        "Riverside Middle School": "held",
        "Maple Ridge High School": "held",
        "Hollow Road Elementary School": "missing",
    }
    assert plans_in(out) == [
        "plans/district.docx",
        "plans/schools/birch-street-school-099920000201.docx",
    ]
    figures = (out / "data" / "school_actions.csv").read_text(encoding="utf-8-sig")
    assert "Birch Street" in figures
    assert "Riverside" not in figures


def test_the_manifest_accounts_for_every_file(maple: tuple[Report, Path]) -> None:
    _, out = maple
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    became = {entry["file"]: [plan["became"] for plan in entry["plans"]] for entry in manifest["submissions"]}
    assert became == {
        "Birch Street.xlsx": ["accepted"],
        "MRHS plan v2 (final).xlsx": ["held"],
        "MRHS plan.xlsx": ["held"],
        "Riverside plan.xlsx": ["held"],
        "district.xlsx": ["accepted"],
    }
    assert set(manifest["outputs"]) == set(tree(out)) - {"manifest.json"}
    assert manifest["plans"][-1]["state"] == "missing"
    assert manifest["plans"][-1]["late"] is True


def test_a_plan_that_is_mended_or_withdrawn_leaves_nothing_stale(tmp_path: Path) -> None:
    folder, out = tmp_path / "maple-ridge", tmp_path / "out"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    (folder / "submissions" / "~$Birch Street.xlsx").write_bytes(b"lock")
    (folder / "submissions" / "notes.txt").write_text("hello", encoding="utf-8")
    report = build(folder, out)
    assert report.passed_over == ("~$Birch Street.xlsx",)
    assert ("notes.txt", "file-text") in [(f.where.file, f.code) for f in report.findings]
    kept = out / "mine.txt"
    kept.write_text("not ours", encoding="utf-8")
    (folder / "submissions" / "Birch Street.xlsx").unlink()
    (folder / "submissions" / "MRHS plan.xlsx").unlink()
    report = build(folder, out)
    assert {item.owner.name: item.state for item in report.statuses}["Maple Ridge High School"] == "accepted"
    assert plans_in(out) == [
        "plans/district.docx",
        "plans/schools/maple-ridge-high-school-099920000203.docx",
    ]
    assert kept.exists()


def test_validate_renders_nothing(tmp_path: Path) -> None:
    report = pipeline.validate(EXAMPLES / "maple-ridge", FOLDERS, tmp_path, SerialExecutor(), AS_OF, quiet)
    assert report.exit_status == pipeline.HELD
    assert set(tree(tmp_path)) == {
        "findings.csv",
        "manifest.json",
        "returned/Riverside plan.xlsx",
        "index.html",
        "data/changes.csv",
        "history/plans.json.gz",
    }


def test_a_check_after_a_build_leaves_its_plans_and_figures(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(EXAMPLES / "maple-ridge", out)
    before = tree(out)
    report = pipeline.validate(EXAMPLES / "maple-ridge", FOLDERS, out, SerialExecutor(), AS_OF, quiet)
    after = tree(out)
    assert {name: data for name, data in after.items() if name not in ("index.html", "manifest.json")} == {
        name: data for name, data in before.items() if name not in ("index.html", "manifest.json")
    }
    assert [name for name in report.written if name.startswith(("plans/", "notes/"))] == []
    assert "plans/" not in after["index.html"].decode()
    # What it left is still known, so that the next build takes away what is no longer right.
    folder = tmp_path / "maple-ridge"
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    (folder / "submissions" / "Birch Street.xlsx").unlink()
    build(folder, out)
    assert plans_in(out) == ["plans/district.docx"]


def test_a_locked_document_is_reported_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.move

    def locked(path: Path, target: Path) -> None:
        if target.name == "district.docx":
            raise PermissionError(13, "Permission denied")
        real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(files, "move", locked)
        report = build(EXAMPLES / "cedar-valley", tmp_path)
    assert report.exit_status == pipeline.HELD
    assert report.unwritten[0][0] == "plans/district.docx"
    assert "Not written: plans/district.docx (Permission denied; if it is open" in report.text()
    assert len(plans_in(tmp_path)) == 8
    # The page says so, and has no link where there is no file; the digests are those of what there is.
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "One file could not be written: in its place is what an earlier build left." in page
    assert 'href="plans/district.docx"' not in page
    digests = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert digests["index.html"] == digest(page.encode("utf-8"))
    assert build(EXAMPLES / "cedar-valley", tmp_path).exit_status == pipeline.OK
    whole = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="plans/district.docx"' in whole
    assert "could not be written" not in whole
    # What was there before stays linked, as what it is.
    (tmp_path / "plans" / "district.docx").write_bytes(b"an older one")
    with monkeypatch.context() as patched:
        patched.setattr(files, "move", locked)
        build(EXAMPLES / "cedar-valley", tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    link = (
        '<a href="plans/district.docx">Word plan<span class="vh"> of Cedar Valley School District</span></a>'
    )
    assert f'{link}<span class="tag">not new</span>' in page


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    files.write(target, b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        files.write(target, b"new")
    assert tree(tmp_path) == {"a.txt": b"old"}


def test_a_defect_in_one_item_is_its_fault_and_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents.rendered

    def broken(template: bytes, context: dict[str, object]) -> documents.Rendered:
        if "identity" in context and "Foothills" in str(context["owner"]):
            raise ZeroDivisionError("a defect")
        return real(template, context)

    monkeypatch.setattr(work, "rendered", broken)
    report = build(EXAMPLES / "cedar-valley", tmp_path)
    assert report.exit_status == pipeline.FAULT
    assert [fault.item for fault in report.faults] == [
        "plans/schools/foothills-middle-school-089910000104.docx"
    ]
    assert "A fault of plbuild itself stopped plans/schools/foothills" in report.text()
    assert "Traceback" not in report.text()
    assert len(plans_in(tmp_path)) == 8


def test_wrong_inputs_are_said_before_anything_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    with pytest.raises(InputError, match="there is no such district folder"):
        build(folder, tmp_path / "out")
    shutil.copytree(EXAMPLES / "maple-ridge", folder)
    (folder / "district.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"district.yaml, line 1, leaid: this key is missing"):
        build(folder, tmp_path / "out")
    (folder / "district.yaml").write_bytes(b"name: \xe9\n")
    with pytest.raises(InputError, match="this file is not UTF-8; in Notepad, save it as UTF-8"):
        build(folder, tmp_path / "out")
    (folder / "district.yaml").rename(folder / "District.yaml.txt")
    with pytest.raises(
        InputError, match=r"this file is missing. Is it District.yaml.txt\? Then in Notepad, save"
    ):
        build(folder, tmp_path / "out")
    (folder / "District.yaml.txt").unlink()
    with pytest.raises(InputError, match=r"this file is missing\.$"):
        build(folder, tmp_path / "out")
    shutil.copy(EXAMPLES / "maple-ridge" / "district.yaml", folder)
    (folder / "roster.csv").write_bytes("\u00e9,".encode("latin-1"))
    with pytest.raises(InputError, match='this file is not UTF-8; in Excel, save it as "CSV UTF-8"'):
        build(folder, tmp_path / "out")
    shutil.copy(EXAMPLES / "maple-ridge" / "roster.csv", folder)
    (folder / "submissions").rename(folder / "submisions")
    with pytest.raises(InputError, match="submissions: this folder is missing; make it, and put"):
        build(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_wrong_output_template_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "output_templates", tmp_path / "templates")
    (tmp_path / "templates" / "school_plan.docx").write_bytes(b"not a Word file")
    folders = Folders(workbook_templates=FOLDERS.workbook_templates, output_templates=tmp_path / "templates")
    with pytest.raises(TemplateError):
        build(EXAMPLES / "cedar-valley", tmp_path / "out", folders=folders)
    assert tree(tmp_path / "out") == {}


def test_a_new_folder_can_be_issued_from(tmp_path: Path) -> None:
    folder = tmp_path / "my district"
    assert offices.new(folder)[0] == f"Started {folder}."
    with pytest.raises(InputError, match=r"district.yaml and roster.csv are there already"):
        offices.new(folder)
    with pytest.raises(InputError, match="no school is listed"):
        offices.issue(folder, FOLDERS, "separate")
    with (folder / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("0000000,000000000001,A School,KG,05,100,8\n")
    told = offices.issue(folder, FOLDERS, "separate")
    assert told[-1].endswith(f'run: invoke build --district "{folder}"')
    offices.issue(folder, FOLDERS, "shared")
    assert sorted(path.name for path in (folder / "issued").iterdir()) == [
        "a-school-000000000001.xlsx",
        "district-0000000.xlsx",
        "shared-0000000.xlsx",
    ]
    with pytest.raises(InputError, match="write separate or shared"):
        offices.issue(folder, FOLDERS, "both")


def test_issued_workbooks_of_schools_that_left_the_roster_are_named_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    offices.new(folder)
    head = (folder / "roster.csv").read_text(encoding="utf-8")
    for number in "12":
        row = f"0000000,00000000000{number},School {number},KG,05,100,8\n"
        (folder / "roster.csv").write_text(head + row, encoding="utf-8")
        lines = offices.issue(folder, FOLDERS, "separate")
        named = [line for line in lines if line.startswith("Not in roster.csv any more")]
        assert len(named) == int(number) - 1
    assert "school-1-000000000001.xlsx. Delete" in named[0]
    assert (folder / "issued" / "school-1-000000000001.xlsx").is_file()


def test_issued_workbooks_print_the_districts_goals_once_its_plan_is_in(tmp_path: Path) -> None:
    folder = tmp_path / "cedar-valley"
    shutil.copytree(EXAMPLES / "cedar-valley", folder)
    lines = offices.issue(folder, FOLDERS, "separate")
    assert "They show the district's 3 goals." in lines


def test_templates_are_written_anew_and_edited_ones_kept(tmp_path: Path) -> None:
    folders = Folders(workbook_templates=tmp_path / "w", output_templates=tmp_path / "o")
    shutil.copytree(FOLDERS.workbook_templates, folders.workbook_templates)
    shutil.copytree(FOLDERS.output_templates, folders.output_templates)
    edited = folders.output_templates / "school_plan.docx"
    edited.write_bytes(b"edited by state staff")
    lines = templates.templates(folders, "2022", replace_edited=False)
    assert f"Kept {edited}, which differs from the starter; --replace writes it anew." in lines
    assert edited.read_bytes() == b"edited by state staff"
    templates.templates(folders, "2022", replace_edited=True)
    for made, committed in ((folders.output_templates, FOLDERS.output_templates),
                            (folders.workbook_templates, FOLDERS.workbook_templates)):  # fmt: skip
        assert parts(tree(made)) == parts(tree(committed))


def test_a_profile_that_hides_a_field_needs_no_other_word_template(tmp_path: Path) -> None:
    folders = Folders(workbook_templates=tmp_path / "w", output_templates=FOLDERS.output_templates)
    shutil.copytree(FOLDERS.workbook_templates, folders.workbook_templates)
    profiles = folders.workbook_templates / "profiles"
    profiles.mkdir(exist_ok=True)
    (profiles / "our-state.yaml").write_text(
        "name: Our state\n"
        "fields:\n"
        "  school_plan.direction.vision: {hide: true}\n"
        "  school_plan.actions.provider: {hide: true}\n"
        "  school_plan.goals.district_goal: {hide: true}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "district"
    shutil.copytree(EXAMPLES / "cedar-valley", folder)
    settings = folder / "district.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "profile: our-state\n", encoding="utf-8")
    report = build(folder, tmp_path / "out", folders=folders)
    assert report.faults == ()
    assert (tmp_path / "out" / "plans" / "district.docx").exists()
