"""What a check of a template found, before it is worded.

Takes nothing, returns nothing: the one type that the checks share. Design decision: a check yields codes,
places and words; the sentences stand in ``messages.yaml`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plbuild.documents.faults import TemplatePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fault by its code and place; ``tag`` is the tag's own words, ``words`` fill the sentences."""

    code: str
    place: TemplatePlace
    tag: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
