"""What is remembered of sound YAML files: the same spec comes of it, and nothing else is ever believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.districts import TEMPLATES

from plbuild import spec as language
from plbuild.model import Spec, SpecError
from plbuild.pipeline import program
from plbuild.pipeline.sound import Sound
from plbuild.spec import judge
from plbuild.spec.source import Source

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
FILE = ".plbuild/specs.json"


def load(out: Path, texts: dict[str, str] = TEXTS, standards_set: str = "2022") -> Spec:
    """The spec by what is remembered in an output folder, which is then written."""
    memory = Sound(out)
    try:
        return language.load(texts, standards_set=standards_set, memory=memory)
    finally:
        memory.save()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose shape was judged."""
    files: list[str] = []
    real = judge.problems

    def problems(source: Source, schema: dict[str, object]) -> list[str]:
        files.append(source.file)
        return real(source, schema)

    monkeypatch.setattr(judge, "problems", problems)
    return files


def test_sound_files_are_judged_once_and_give_the_same_spec(tmp_path: Path, judged: list[str]) -> None:
    first = load(tmp_path)
    assert sorted(judged) == sorted(TEXTS)
    assert load(tmp_path) == first == language.load(TEXTS, standards_set="2022")
    assert len(judged) == 2 * len(TEXTS)
    assert load(tmp_path, standards_set="2011") == language.load(TEXTS, standards_set="2011")
    assert len(judged) == 3 * len(TEXTS)


def test_files_that_do_not_fit_are_told_of_at_their_lines(tmp_path: Path) -> None:
    load(tmp_path)
    with pytest.raises(SpecError) as known:
        load(tmp_path, standards_set="1999")
    with pytest.raises(SpecError) as new:
        language.load(TEXTS, standards_set="1999")
    assert known.value.problems == new.value.problems
    with pytest.raises(SpecError, match=r"line \d+"):
        load(tmp_path, {**TEXTS, "lists.yaml": TEXTS["lists.yaml"].replace("values:", "value:", 1)})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"school", b"School", 1),
        lambda data: data[:-1],
        lambda data: data.replace(b"\n", b"", 1),
        lambda data: b"",
    ],
)
def test_what_is_damaged_is_judged_again(
    tmp_path: Path, judged: list[str], spoil: Callable[[bytes], bytes]
) -> None:
    first = load(tmp_path)
    path = tmp_path / FILE
    path.write_bytes(spoil(path.read_bytes()))
    assert load(tmp_path) == first
    assert len(judged) == 2 * len(TEXTS)


def test_another_program_judges_for_itself(
    tmp_path: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path)
    monkeypatch.setattr(program, "fingerprint", lambda: "another")
    load(tmp_path)
    assert len(judged) == 2 * len(TEXTS)


@pytest.mark.parametrize("value", [{1: "a"}, {"day": object()}, ("a",)])
def test_what_json_would_change_is_not_remembered(tmp_path: Path, value: object) -> None:
    memory = Sound(tmp_path)
    memory.put("key", value)
    memory.save()
    assert not (tmp_path / FILE).exists()
    memory.put("key", {"a": [1, "b", None, 2.5, True]})
    memory.save()
    assert Sound(tmp_path).get("key") == {"a": [1, "b", None, 2.5, True]}
    assert Sound(tmp_path).get("other") is None
