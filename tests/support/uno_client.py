"""Runs LibreOffice and edits workbooks and Word documents in it, step by step; talks with ``office.py`` over its pipes.

Runs under a Python that has ``uno`` (often the system's), and so imports nothing of the project:

    python uno_client.py SOFFICE PROFILE_FOLDER

One line of JSON comes in for each job, ``{"source": …, "result": …, "steps": [...]}``, and one goes out,
``{"ok": true}`` or ``{"ok": false, "error": …}``. The end of the input ends LibreOffice too.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
import traceback
import uuid
from datetime import date
from pathlib import Path
from typing import Any

# By its name, because the types of LibreOffice's own module are nowhere to be had.
uno: Any = importlib.import_module("uno")

XLSX, ODS, DOCX = "Calc MS Excel 2007 XML", "calc8", "MS Word 2007 XML"
START_SECONDS = 60


def main(soffice: str, profile: str) -> None:
    """Serve jobs until the input ends."""
    office = Office(soffice, Path(profile))
    _say({"ok": True})
    for line in sys.stdin:
        job = json.loads(line)
        try:
            office.run(Path(job["source"]), Path(job["result"]), job["steps"])
            _say({"ok": True})
        except Exception:  # whatever went wrong is the caller's to report
            _say({"ok": False, "error": traceback.format_exc()})
    office.stop()


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


class Office:
    """A running LibreOffice."""

    def __init__(self, soffice: str, profile: Path) -> None:
        pipe = f"plbuild{uuid.uuid4().hex}"
        command = [soffice, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command += [f"-env:UserInstallation={profile.as_uri()}", f"--accept=pipe,name={pipe};urp"]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603
        self._context = self._connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._desktop = self._service("com.sun.star.frame.Desktop")

    def _connected(self, address: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(address)
            except Exception:  # UNO's exceptions have no common Python class
                if time.monotonic() > end:
                    self._process.kill()
                    raise
                time.sleep(0.05)

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def stop(self) -> None:
        """End LibreOffice."""
        try:
            self._desktop.terminate()
            self._process.wait(10)
        except Exception:  # the bridge breaks as the program ends
            self._process.kill()

    def run(self, source: Path, result: Path, steps: list[dict[str, Any]]) -> None:
        """Open ``source``, do the steps, save to ``result`` in the format that its name ends in."""
        book = self._opened(source)
        try:
            for step in steps:
                arguments = {key: value for key, value in step.items() if key != "do"}
                book = getattr(self, f"_{step['do']}")(book, **arguments) or book
            form = DOCX if result.suffix == ".docx" else XLSX
            book.storeToURL(result.as_uri(), (_property("FilterName", form),))
        finally:
            book.close(True)

    def _opened(self, source: Path) -> Any:
        # A hidden document has no view, and is saved without its frozen headings.
        return self._desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, ())

    # ------------------------------------------------------------------------------- the steps

    def _enter(self, book: Any, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            area = _area(book.Sheets.getByName(entry["sheet"]), entry["name"])
            # Cells below an area's last row are reached too: getCellByPosition is of the sheet.
            sheet, place = area.Spreadsheet, area.RangeAddress
            cell = sheet.getCellByPosition(place.StartColumn + entry["col"], place.StartRow + entry["row"])
            kind, value = entry["value"]
            if kind == "text":
                cell.setString(value)
            elif kind == "date":
                null = book.NullDate
                cell.setValue((date.fromisoformat(value) - date(null.Year, null.Month, null.Day)).days)
            else:
                cell.setValue(float(value))

    def _insert_rows(self, book: Any, sheet: str, name: str, row: int, count: int) -> None:
        """As a person does: choose a cell, Sheet > Insert Rows > Rows Above; protection applies."""
        area = _area(book.Sheets.getByName(sheet), name)
        before = area.Rows.Count
        view = book.CurrentController
        view.setActiveSheet(area.Spreadsheet)
        dispatcher = self._service("com.sun.star.frame.DispatchHelper")
        for _ in range(count):
            view.select(area.getCellByPosition(0, row))
            dispatcher.executeDispatch(view.Frame, ".uno:InsertRowsBefore", "", 0, ())
        after = _area(book.Sheets.getByName(sheet), name).Rows.Count
        if after != before + count:
            raise RuntimeError(f"{name} has {after} rows after {count} were inserted into {before}")

    def _rename_sheet(self, book: Any, old: str, new: str) -> None:
        book.Sheets.getByName(old).Name = new

    def _move_sheet(self, book: Any, title: str, position: int) -> None:
        book.Sheets.moveByName(title, position)

    def _copy_to_new_book(self, book: Any, titles: list[str]) -> Any:
        """As a person does: choose the tabs, Move or Copy Sheet > to a new document.

        The copies go on, the book that they come from is closed unsaved. (LibreOffice 7.4 crashes more
        often than not where sheets that refer to each other are copied by the API's importSheet.)
        """
        known = self._documents()
        tabs = tuple(book.Sheets.ElementNames.index(title) for title in titles)
        frame = book.CurrentController.Frame
        dispatcher = self._service("com.sun.star.frame.DispatchHelper")
        chosen = (_property("Tables", uno.Any("[]long", tabs)),)
        dispatcher.executeDispatch(frame, ".uno:SelectTables", "", 0, chosen)
        where = (_property("DocName", ""), _property("Index", 1), _property("Copy", True))
        dispatcher.executeDispatch(frame, ".uno:Move", "", 0, where)
        (new,) = [document for document in self._documents() if document not in known]
        book.close(True)
        return new

    def _documents(self) -> list[Any]:
        found, components = [], self._desktop.Components.createEnumeration()
        while components.hasMoreElements():
            found.append(components.nextElement())
        return found

    def _show_sheet(self, book: Any, title: str) -> None:
        """Leave this tab in front, as the last one that was looked at."""
        book.CurrentController.setActiveSheet(book.Sheets.getByName(title))

    # ------------------------------------------------------------------- steps in a Word document

    def _move_section(self, document: Any, heading: str, before: str) -> None:
        """Cut a heading with all that follows up to the next of its level, and paste it before another."""
        style = self._paragraph(document, heading).ParaStyleName
        titles = [item for item in self._paragraphs(document) if item.ParaStyleName == style]
        place = next(at for at, item in enumerate(titles) if item.String == heading)
        view = document.CurrentController
        cursor = view.ViewCursor
        cursor.gotoRange(titles[place].Start, False)
        cursor.gotoRange(titles[place + 1].Start, True)
        kept = view.getTransferable()
        # As the Delete key does: setting the text would leave tables behind.
        helper = self._service("com.sun.star.frame.DispatchHelper")
        helper.executeDispatch(view.Frame, ".uno:Delete", "", 0, ())
        cursor.gotoRange(self._paragraph(document, before).Start, False)
        view.insertTransferable(kept)

    def _insert_picture(self, document: Any, path: str, text: str) -> None:
        """Put a picture with its alternative text at the beginning."""
        provider = self._service("com.sun.star.graphic.GraphicProvider")
        picture = document.createInstance("com.sun.star.text.TextGraphicObject")
        picture.Graphic = provider.queryGraphic((_property("URL", Path(path).as_uri()),))
        picture.AnchorType = uno.Enum("com.sun.star.text.TextContentAnchorType", "AS_CHARACTER")
        picture.Width = picture.Height = 2000
        picture.Description = text
        document.Text.insertTextContent(document.Text.Start, picture, False)

    def _restyle(self, document: Any, style: str, font: str, color: int) -> None:
        """Give a paragraph style another font and colour."""
        chosen = document.StyleFamilies.getByName("ParagraphStyles").getByName(style)
        chosen.CharFontName, chosen.CharColor = font, color

    def _paragraph(self, document: Any, text: str) -> Any:
        return next(item for item in self._paragraphs(document) if item.String == text)

    def _paragraphs(self, document: Any) -> list[Any]:
        found, items = [], document.Text.createEnumeration()
        while items.hasMoreElements():
            item = items.nextElement()
            if item.supportsService("com.sun.star.text.Paragraph"):
                found.append(item)
        return found

    def _through_ods(self, book: Any, folder: str) -> Any:
        path = Path(folder) / f"{uuid.uuid4().hex}.ods"
        book.storeToURL(path.as_uri(), (_property("FilterName", ODS),))
        book.close(True)
        return self._opened(path)


def _area(sheet: Any, name: str) -> Any:
    """The cells of a sheet-scoped name."""
    return sheet.NamedRanges.getByName(name).getReferredCells()


def _property(name: str, value: Any) -> Any:
    item = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    item.Name, item.Value = name, value
    return item


if __name__ == "__main__":
    main(*sys.argv[1:3])
