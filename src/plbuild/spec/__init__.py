"""The spec language: plans, lists, messages and profiles, wholly checked before anything is built.

Owns what may stand in the YAML files. Takes their texts, returns a ``Spec``; raises ``SpecError`` with
every problem at its file, line and path. Design decision: shape first (Cerberus), then coherence over
the built objects, so that no later stage ever meets a spec that could surprise it.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any, Protocol

from plbuild.model import MessageText, PlanSpec, Spec, SpecError, ValueList, digest
from plbuild.spec import build, coherence, judge, shape
from plbuild.spec.inputs import agreed, district, roster
from plbuild.spec.source import Source, read

__all__ = ["Memory", "agreed", "district", "load", "roster"]

_SPECIAL = {"lists.yaml": shape.LISTS, "messages.yaml": shape.MESSAGES}
_ADVICE = "advice.yaml"


class Memory(Protocol):
    """What remembers the content of files that were found sound, as plain values under keys."""

    def get(self, key: str) -> Any:
        """The value of a key, None where there is none."""

    def put(self, key: str, value: object) -> None:
        """Keep a value."""


def load(
    texts: Mapping[str, str],
    *,
    standards_set: str,
    profile: tuple[str, str] | None = None,
    memory: Memory | None = None,
) -> Spec:
    """The spec out of its files.

    ``texts`` maps file names (``lists.yaml``, ``messages.yaml``, ``advice.yaml``, without which there is no
    advice, and one of any name for each kind of plan) to their YAML text; ``standards_set`` chooses among
    the sets of a list; ``profile`` is the file name and text of a state's profile. ``memory`` has what these
    very texts say where they were found sound before. Raises SpecError listing every problem.
    """
    key = digest(repr([sorted(texts.items()), profile]).encode("utf-8", "surrogatepass"))
    known = memory.get(key) if memory else None
    if known is not None:
        sources = {name: Source(file=name, content=content, lines={}) for name, content in known.items()}
        try:
            return _checked(sources, standards_set)
        except SpecError:
            pass  # With other settings they are not sound; what is wrong is said below, at its line.
    sources = _sound(texts, profile)
    spec = _checked(sources, standards_set)
    if memory:
        memory.put(key, {name: source.content for name, source in sources.items()})
    return spec


def _sound(texts: Mapping[str, str], profile: tuple[str, str] | None) -> dict[str, Source]:
    """What the files say, each for itself without a fault. Raises SpecError."""
    sources, found = _read_all(texts, profile)
    if not found:
        found = _shape_problems(sources)
    if not found:
        found = _message_problems(sources["messages.yaml"]) + _advice_problems(sources)
    if found:
        raise SpecError(tuple(found))
    return sources


def _checked(sources: Mapping[str, Source], standards_set: str) -> Spec:
    """The spec out of sound files. Raises SpecError where they do not fit together."""
    profile = sources.get("profile")
    changes = profile.content if profile else {}
    lists, found = _lists(sources["lists.yaml"], standards_set, changes)
    pairs = [
        (build.plan(source.content), source)
        for name, source in sources.items()
        if name not in (*_SPECIAL, _ADVICE, "profile")
    ]
    found += coherence.problems(pairs, lists)
    if profile and not found:
        plans = [item for item, _ in pairs]
        found = _profile_problems(profile, plans, lists)
        changed = build.with_profile(plans, changes)
        pairs = [(item, source) for item, (_, source) in zip(changed, pairs, strict=True)]
        found = found or coherence.problems(pairs, lists)
    if found:
        raise SpecError(tuple(found))
    return _spec([item for item, _ in pairs], lists, sources["messages.yaml"].content, sources, changes)


def _read_all(
    texts: Mapping[str, str], profile: tuple[str, str] | None
) -> tuple[dict[str, Source], list[str]]:
    sources: dict[str, Source] = {}
    found: list[str] = [f"{name} is missing." for name in _SPECIAL if name not in texts]
    named = [(name, name, text) for name, text in sorted(texts.items())]
    if profile:
        named.append(("profile", *profile))
    for key, file, text in named:
        try:
            sources[key] = read(file, text)
        except SpecError as error:
            found += error.problems
    return sources, found


def _shape_problems(sources: Mapping[str, Source]) -> list[str]:
    schemas: dict[str, Any] = {**_SPECIAL, _ADVICE: shape.ADVICE, "profile": shape.PROFILE}
    found = []
    for key, source in sources.items():
        found += judge.problems(source, schemas.get(key, shape.PLAN))
    return found


# What the lint of templates knows to say of a fault.
_TEMPLATE_WORDS = {
    "closing", "field", "hint", "label", "level", "name", "nearest", "of", "opening", "other", "prefix",
    "reason", "section", "sign", "text", "wanted", "where", "word",
}  # fmt: skip


def _message_problems(source: Source) -> list[str]:
    """Unknown codes among those never waived; braces that nothing fills in the words of templates."""
    return _unknown_codes(source) + _unknown_words(source)


def _unknown_words(source: Source) -> list[str]:
    found = []
    for code, text in source.content["templates"].items():
        for key in ("message", "fix"):
            try:
                named = {name for _, name, _, _ in Formatter().parse(text[key]) if name is not None}
            except ValueError as error:
                found.append(source.problem(("templates", code, key), f"a brace is wrong: {error}."))
                continue
            for name in sorted(named - _TEMPLATE_WORDS):
                found.append(source.problem(("templates", code, key), f"nothing fills in {{{name}}}."))
    return found


def _unknown_codes(source: Source) -> list[str]:
    return [
        source.problem(("never_waived", index), f"there is no finding {code}.")
        for index, code in enumerate(source.content["never_waived"])
        if code not in source.content["findings"]
    ]


def _advice_problems(sources: Mapping[str, Source]) -> list[str]:
    """A weight must be of a finding that is advice, in ``advice.yaml`` and in the profile."""
    findings = sources["messages.yaml"].content["findings"]
    found = []
    for key, path in ((_ADVICE, ("weights",)), ("profile", ("advice", "weights"))):
        content: Any = sources[key].content if key in sources else {}
        for part in path:
            content = content.get(part, {})
        for code in content:
            if findings.get(code, {}).get("severity") != "advice":
                found.append(sources[key].problem((*path, code), f"there is no advice {code}."))
    return found


def _lists(
    source: Source, standards_set: str, changes: Mapping[str, Any]
) -> tuple[dict[str, ValueList], list[str]]:
    lists: dict[str, ValueList] = {}
    found = []
    for name, item in source.content["lists"].items():
        if "sets" not in item and "values" not in item:
            found.append(source.problem(("lists", name), "a list needs `values` or `sets`."))
            continue
        chosen = standards_set
        if "sets" in item and chosen not in item["sets"]:
            offered = " or ".join(f'"{known}"' for known in item["sets"])
            found.append(f"standards_set: {chosen} is no set of the list {name}; write {offered}.")
            # What else is wrong is judged with a set that there is.
            chosen = next(iter(item["sets"]))
        lists[name] = build.list_with_profile(
            build.value_list(name, item, chosen), changes.get("lists", {}).get(name, {})
        )
        values = lists[name].values
        for value in sorted({value for value in values if values.count(value) > 1}):
            found.append(source.problem(("lists", name), f"the value {value} stands here twice."))
    return lists, found


def _profile_problems(source: Source, plans: list[PlanSpec], lists: Mapping[str, ValueList]) -> list[str]:
    known = {
        f"{plan.kind}.{part.name}.{item.name}"
        for plan in plans
        for part in plan.sections
        for item in part.fields
    }
    found = []
    for path in source.content.get("fields", {}):
        if path not in known:
            text = f"there is no field {path} (kind.section.field)."
            found.append(source.problem(("fields", path), text))
    for name in source.content.get("lists", {}):
        if name not in lists:
            found.append(source.problem(("lists", name), f"there is no list {name}."))
    return found


def _spec(
    plans: list[PlanSpec],
    lists: Mapping[str, ValueList],
    messages: Mapping[str, Any],
    sources: Mapping[str, Source],
    changes: Mapping[str, Any],
) -> Spec:
    return Spec(
        plans=tuple(plans),
        lists=lists,
        wanted=messages["wanted"],
        phrases=messages["phrases"],
        findings={code: MessageText(**text) for code, text in messages["findings"].items()},
        template_faults={code: MessageText(**text) for code, text in messages["templates"].items()},
        never_waived=tuple(messages["never_waived"]),
        advice=build.advice(sources[_ADVICE].content if _ADVICE in sources else {}, changes),
        # The lists are those of the standards that the district chose, of which no source tells.
        digest=digest(repr(([(key, source.content) for key, source in sources.items()], lists)).encode()),
    )
