"""A bar chart drawn by matplotlib: horizontal bars from zero, each with its number at its end.

Takes ``Bars``, returns PNG bytes and their size in inches. Design decision: no axis, grid or frame; what
a reader wants to know stands beside the bar. Colours are told apart by hatching too, so that the picture
survives a black-and-white printer. Only matplotlib's objects are used, never ``pyplot``, which keeps
state for the whole process.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from textwrap import wrap

from matplotlib import font_manager, rc_context, rcdefaults
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import Rectangle

from plbuild.charts.bars import Bar, Bars

_DPI = 200
_WIDTH = 6.5  # inches: fits between the margins of the plans
_NAMES = 2.5  # of them for the names of the bars
_PER_LINE, _SIZE = 38, 10.0  # letters of a name in a line, points
_LINE, _GAP, _BAR = 0.165, 0.13, 0.19  # inches: a line of a name, between two bars, a bar's height
_HEAD, _FOOT = 0.34, 0.06
_ROOM = 1.26  # how far the scale goes beyond the longest bar, for its number

_BLUE, _PALE, _TEXT, _GREY = "#1F3864", "#DCE4F0", "#000000", "#595959"
_LOOKS = ((_BLUE, ""), (_PALE, "////"))  # colour and hatching of each series
_BUNDLED = "DejaVu Sans"  # comes with matplotlib


def drawn(bars: Bars) -> tuple[bytes, float, float]:
    """The chart as PNG, its width and its height in inches."""
    with rc_context():
        rcdefaults()  # a user's own matplotlibrc must not change a plan
        names = [wrap(bar.name, _PER_LINE) or [""] for bar in bars.rows]
        heights = [max(len(lines) * _LINE, _BAR) + _GAP for lines in names]
        height = round(sum(heights) + _HEAD + _FOOT, 2)
        figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = _axes(figure, height, bars)
        font = _font()
        _head(axes, bars, font)
        top = _HEAD
        for bar, lines, room in zip(bars.rows, names, heights, strict=True):
            _bar(axes, bars, bar, lines, top + room / 2, font)
            top += room
        axes.plot([0, 0], [_HEAD, top], color=_GREY, linewidth=0.8, solid_capstyle="butt")
        buffer = io.BytesIO()
        # matplotlib writes its version as the picture's software; the bytes should not depend on it.
        figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
        return buffer.getvalue(), _WIDTH, height


def _axes(figure: Figure, height: float, bars: Bars) -> Axes:
    """The plane to draw on: amounts to the right, inches from the top downwards."""
    axes = figure.add_axes((_NAMES / _WIDTH, 0.0, 1 - _NAMES / _WIDTH, 1.0))
    longest = max(float(bar.total) for bar in bars.rows)
    axes.set_xlim(0, max(longest, 0.01) * _ROOM)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return axes


def _head(axes: Axes, bars: Bars, font: FontProperties) -> None:
    """What is counted; of two series a sample of each before its name."""
    place = axes.get_xlim()[1] / (_WIDTH - _NAMES)  # an inch to the right
    left = 0.0
    for title, look in zip(bars.series, _LOOKS, strict=False):
        if len(bars.series) > 1:
            _box(axes, (left * place, 0.1), 0.16 * place, 0.13, look)
            left += 0.22
        _write(axes, left * place, 0.17, title, font, color=_GREY)
        left += 0.075 * len(title) + 0.3


def _bar(axes: Axes, bars: Bars, bar: Bar, lines: Sequence[str], middle: float, font: FontProperties) -> None:
    start = 0.0
    for amount, look in zip(bar.amounts, _LOOKS, strict=False):
        length = max(float(amount), 0.0)
        _box(axes, (start, middle - _BAR / 2), length, _BAR, look)
        start += length
    gap = axes.get_xlim()[1] * 0.012
    _write(axes, start + gap, middle, bars.said(bar.total), font, color=_TEXT)
    _write(axes, -gap, middle, "\n".join(lines), font, color=_TEXT, align="right")


def _box(axes: Axes, corner: tuple[float, float], width: float, height: float, look: tuple[str, str]) -> None:
    color, hatch = look
    axes.add_patch(
        Rectangle(corner, width, height, facecolor=color, edgecolor=_BLUE, linewidth=0.8, hatch=hatch or None)
    )


def _write(
    axes: Axes, x: float, y: float, text: str, font: FontProperties, *, color: str, align: str = "left"
) -> None:
    """A text at a place; a dollar sign in it is a dollar sign, not the start of a formula."""
    words = _known(text)
    axes.text(
        x, y, words, fontproperties=font, color=color, ha=align, va="center_baseline", parse_math=False,
        linespacing=1.05, clip_on=False,
    )  # fmt: skip


def _font() -> FontProperties:
    """Carlito, which has the measures of the plans' Calibri, where it is installed; else the bundled one."""
    try:
        font_manager.findfont("Carlito", fallback_to_default=False)
    except ValueError:
        return FontProperties(family=[_BUNDLED], size=_SIZE - 1)  # wider by about a tenth
    return FontProperties(family=["Carlito", _BUNDLED], size=_SIZE)


def _known(text: str) -> str:
    """A text without the characters that the bundled font cannot draw, such as emoji."""
    letters = get_font(font_manager.findfont(_BUNDLED)).get_charmap()
    return "".join(char if char == "\n" or ord(char) in letters else "\ufffd" for char in text)
