"""What Excel computes and refuses in a blank workbook: missing answers, conditions, cell rules.

Takes blocks, returns formulas as text. The conditions are those of the spec, so that what the workbook
marks as missing is what the checks will hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter as letter
from openpyxl.utils import quote_sheetname

from plbuild.blank.layout import ID, STATE, Block
from plbuild.model import Condition, Field, Spec

# How much of a referred row's words stand beside a reference: enough to know it again in three lines.
ECHO = 80


def cell(row: int, col: int, *, fix: str = "") -> str:
    """``cell(7, 4)`` is ``D7``; ``fix`` names what a copy keeps: ``c``, ``r`` or ``cr``."""
    return f"{'$' if 'c' in fix else ''}{letter(col)}{'$' if 'r' in fix else ''}{row}"


def area(block: Block, first: tuple[int, int], last: tuple[int, int], *, away: bool = True) -> str:
    """An absolute range of a block's sheet, with the sheet's name unless ``away`` is False."""
    home = f"{quote_sheetname(block.sheet)}!" if away else ""
    return f"{home}{cell(*first, fix='cr')}:{cell(*last, fix='cr')}"


def column(block: Block, col: int) -> str:
    """The answer rows of one column of a table, as an absolute range."""
    return area(block, (block.first_row, col), (block.last_row, col))


class Formulas:
    """The formulas of one plan's blocks, which know of each other by section name."""

    def __init__(self, spec: Spec, blocks: Mapping[str, Block]) -> None:
        self._spec = spec
        self._blocks = blocks

    def condition(self, block: Block, row: int, condition: Condition) -> str:
        """When an answer of ``row`` is required, as a formula that is TRUE or FALSE."""
        if condition.linked:
            return self._linked(block, row, condition)
        if condition.filled:
            return f"LEN({self._at(block, row, condition.filled)})>0"
        tests = ",".join(f'{self._at(block, row, condition.field)}="{value}"' for value in condition.values)
        return f"OR({tests})"

    def _at(self, block: Block, row: int, path: str) -> str:
        """The cell of a field of this row, or of ``section.field`` in a form."""
        section, dot, name = path.rpartition(".")
        home = self._blocks[section] if dot else block
        if home.section.shape == "form":
            place = cell(home.row(name), home.first_col, fix="cr")
        else:
            place = cell(row, home.col(name), fix="c")
        return place if home.sheet == block.sheet else f"{quote_sheetname(home.sheet)}!{place}"

    def _linked(self, block: Block, row: int, condition: Condition) -> str:
        other = self._blocks[condition.linked]
        flagged = self._spec.lists[other.section.field(condition.linked_field).list]
        values = ",".join(f'"{value}"' for value in flagged.flagged(condition.flag))
        by = column(other, other.col(condition.by))
        of = column(other, other.col(condition.linked_field))
        return f"SUM(COUNTIFS({by},{cell(row, ID, fix='c')},{of},{{{values}}}))>0"

    def needed(self, block: Block, row: int, item: Field) -> str:
        """The formula that says whether a conditionally required answer is needed."""
        tests = [self.condition(block, row, condition) for condition in item.required_when]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def missing_in_row(self, block: Block, row: int) -> str:
        """How many required answers of a table's row are missing."""
        fields = block.section.fields
        answers = f"{cell(row, block.first_col)}:{cell(row, block.last_col)}"
        required = [cell(row, block.col(item.name)) for item in fields if item.required]
        count = f"{len(required)}-COUNTA({','.join(required)})" if required else "0"
        for item in fields:
            if item.required_when:
                blank = f"LEN({cell(row, block.col(item.name))})=0"
                count += f"+IF(AND({self.needed(block, row, item)},{blank}),1,0)"
        owed = len(required) if row - block.first_row < block.section.min_rows else 0
        return f"=IF(COUNTA({answers})=0,{owed},{count})"

    def missing_in_form(self, block: Block, item: Field) -> str:
        """1 where a form's required answer is missing, else 0."""
        row = block.row(item.name)
        blank = f"LEN({cell(row, block.first_col)})=0"
        if item.required:
            return f"=IF({blank},1,0)"
        return f"=IF(AND({self.needed(block, row, item)},{blank}),1,0)"

    def given(self, block: Block) -> str:
        """How many answers that are or may be required are filled in a block."""
        fields = [
            item
            for item in block.section.fields
            if (item.required or item.required_when) and not item.prefilled
        ]
        if not fields:
            return "0"
        if block.section.shape == "form":
            home = f"{quote_sheetname(block.sheet)}!"
            places = [f"{home}{cell(block.row(i.name), block.first_col, fix='cr')}" for i in fields]
        else:
            places = [column(block, block.col(item.name)) for item in fields]
        return f"COUNTA({','.join(places)})"

    def missing(self, block: Block) -> str:
        """How many required answers of a block are missing."""
        return f"SUM({column(block, STATE)})"

    def progress(self, blocks: tuple[Block, ...]) -> str:
        """In words how complete some blocks are: "9 of 14 required answers given"."""
        given = "+".join(self.given(block) for block in blocks)
        missing = "+".join(self.missing(block) for block in blocks)
        phrases = self._spec.phrases
        words = {"given": f'"&({given})&"', "total": f'"&({given}+{missing})&"'}
        partly = f'"{phrases["answers_given"].format(**words)}"'
        fully = f'"{phrases["complete"].format(**words)}"'
        optional = f'"{phrases["optional_part"]}"'
        return f"=IF({given}+{missing}=0,{optional},IF({missing}=0,{fully},{partly}))"

    def echo(self, block: Block, row: int, item: Field) -> str:
        """The words that the chosen id stands for."""
        chosen = cell(row, block.col(item.name), fix="c")
        words = '""'
        for name in reversed([ref for ref in item.refs if ref in self._blocks]):
            target = self._blocks[name]
            texts = column(target, target.col(target.section.stands_for))
            ids = column(target, ID)
            words = f'IFERROR(INDEX({texts},MATCH({chosen},{ids},0))&"",{words})'
        return f'=IF({chosen}="","",LEFT({words},{ECHO})&IF(LEN({words})>{ECHO},"…",""))'
