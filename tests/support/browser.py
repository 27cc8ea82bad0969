"""A real browser for tests: the Chromium that is installed, with nothing of the user's.

Takes the path of a page, gives Playwright's pages on it, which fail the test where the page's script does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.office import needs

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# axe's rules for WCAG 2.1 A and AA, which public bodies in the US must meet, and its good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; the test is skipped where there is none, and fails in CI."""
    found = [path for name in _NAMES if (path := shutil.which(name))]
    if not found:
        needs(_NAMES[0])
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found[0])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = 1440, scheme: Literal["light", "dark"] = "light",
    script: bool = True,
) -> Iterator[Page]:  # fmt: skip
    """A page opened from disk. Raises AssertionError where it asks for anything, complains or alerts."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: wrong.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    # The page itself is asked for, once more where it is loaded anew.
    wrong = [item for item in wrong if item.partition("#")[0] != path.as_uri()]
    assert not wrong, wrong


def violations(page: Page) -> list[str]:
    """What axe-core finds against the page: the rule and the first element of each."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    assert len(found["passes"]) > 20
    return [f"{item['id']}: {item['nodes'][0]['html']}" for item in found["violations"]]
