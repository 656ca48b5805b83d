"""`make pictures`: takes the pictures of the README anew, of the demo town that `make run` serves."""

import json
import os
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import installation
from scripts.house import ROOT, Trouble, local, main, say

FOLDER = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# As many as tell one colour of the pages from another; a third of the bytes.
COLOURS = 128
SCREEN, TABLET = (1280, 800), (800, 1280)


def public_map(page: Page, site: str) -> None:
    page.goto(site)


def newest_list(page: Page, site: str) -> None:
    page.goto(f"{site}listas/")
    page.locator("main a.touch[href^='/listas/']").first.click()


def tablet(page: Page, site: str) -> None:
    page.goto(f"{site}caminata/")
    page.wait_for_selector("#categories button")


def room(page: Page, site: str) -> None:
    # The demonstration: nothing of it is kept, and it can be opened at any hour.
    page.goto(f"{site}reuniones/demostracion/")
    page.locator("[data-do=open]").click()
    page.locator(".room-steps [data-panel=mapping]").click()


def desk(page: Page, site: str) -> None:
    page.goto(f"{site}gestion/")


# Who looks, how large the screen is, and how one gets there.
PICTURES: dict[str, tuple[str, tuple[int, int], Callable[[Page, str], None]]] = {
    "mapa": ("", SCREEN, public_map),
    "lista": ("", SCREEN, newest_list),
    "tableta": ("facilitadora", TABLET, tablet),
    "sala": ("facilitadora", SCREEN, room),
    "escritorio": ("direccion", SCREEN, desk),
}


def pictures() -> int:
    """Take all of them. Raises Trouble where no demo town is served."""
    prepared = local("prepared.json")
    state = json.loads(prepared.read_text()) if prepared.is_file() else {}
    if not state.get("demo") or installation.run_process() is None:
        raise Trouble("`make run` has to serve the demo town meanwhile, in another terminal")
    take(f"http://127.0.0.1:{installation.web_port()}/", state["password"])
    return 0


def take(site: str, password: str) -> None:
    """Of the demo town that is served there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (who, size, way) in PICTURES.items():
            say(f"docs/images/{name}.png")
            _take(_opened(browser, site, who, password, size), site, name, way)
        browser.close()


def _opened(browser: Browser, site: str, who: str, password: str, size: tuple[int, int]) -> Page:
    width, height = size
    page = browser.new_context(locale="es", viewport={"width": width, "height": height}).new_page()
    if who:
        page.goto(f"{site}entrar/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
    return page


def _take(page: Page, site: str, name: str, way: Callable[[Page, str], None]) -> None:
    way(page, site)
    page.wait_for_load_state("networkidle")
    page.wait_for_selector(".leaflet-container canvas")
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()
    with Image.open(FOLDER / f"{name}.png") as taken:
        small = taken.convert("RGB").quantize(COLOURS)
    small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(pictures)
