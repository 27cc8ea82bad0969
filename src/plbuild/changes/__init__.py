"""What changed between two builds: the answers of each plan, kept and compared.

Takes what was read in a build, returns the answers as a file to keep; takes two such files, returns what was
added, removed and altered, in words and as a table. Design decision: a row is the same row where it says the
same, whatever its number is now, so that a row that is put in does not make all later ones altered.
"""

from __future__ import annotations

from plbuild.changes.compare import Change, changes
from plbuild.changes.kept import Kept, Owed, answers, kept, opened
from plbuild.changes.table import COLUMNS, changes_csv

__all__ = ["COLUMNS", "Change", "Kept", "Owed", "answers", "changes", "changes_csv", "kept", "opened"]
