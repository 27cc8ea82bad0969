"""How a document is rendered by what others use, each as its own documentation shows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate

from plbuild.documents.filters import FILTERS


def environment() -> jinja2.Environment:
    """Jinja's own environment with the filters that our templates use."""
    made = jinja2.Environment(autoescape=True)
    made.filters.update(FILTERS)
    return made


def docxtpl(template: Path, context: Mapping[str, object]) -> bytes:
    """A document by docxtpl, opened, rendered and saved as its documentation shows, autoescape on."""
    document = DocxTemplate(template)
    document.render(dict(context), environment(), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The finished parts zipped by Python's own ``zipfile``, as it does where it is told nothing else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()
