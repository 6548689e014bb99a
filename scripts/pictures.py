"""Take the pictures of docs/pictures from the demonstration library, as it looks today.

    CHROME_PATH=$(scripts/chromium) .venv/bin/python scripts/pictures.py

Needs ImageMagick's convert, which makes them small enough for the tree.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PORT = "8499"
SITE = f"http://127.0.0.1:{PORT}"
READER = 1  # the demonstration card whose life is fullest
DESKTOP = {"viewport": {"width": 1180, "height": 860}}
TALL = {"viewport": {"width": 1180, "height": 2040}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5}
TITLE = {"viewport": {"width": 1280, "height": 1600}}
SMALL = {"viewport": {"width": 390, "height": 844}}
PAGES = {
    "my-library": "/my/",
    "edit": "/my/profile",
    "loans": "/my/loans",
    "title": "/isbn/9794370007738",  # こころ: the page for other sites, from which one link leads to the title
    "results": "/search?q=宮沢賢治",
}
TAKEN = [
    ("my-library", "desktop", DESKTOP),
    ("edit", "desktop", TALL),
    ("edit", "phone", PHONE),
    ("loans", "phone", PHONE),
    ("title", "desktop", TITLE),
    ("results", "phone", SMALL),
]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as instance:
        server, card, password = serve(instance)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=os.environ.get("CHROME_PATH"), chromium_sandbox=False
                )
                for page, size, options in TAKEN:
                    take(
                        browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **options),
                        page,
                        size,
                        card,
                        password,
                    )
                browser.close()
        finally:
            server.terminate()
            server.wait(15)


def serve(instance: str) -> tuple[subprocess.Popen[str], str, str]:
    """Start a server with a fresh demonstration; return it with the number and password of a card that it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    environment |= {"MADOGUCHI_INSTANCE": instance, "MADOGUCHI_PORT": PORT, "MADOGUCHI_JOBS": "0"}
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, ROOT / "app.py", "--demonstration"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    cards = []
    for line in server.stdout or ():
        if found := re.match(r"  (\d{13})  (\S+)  ", line):
            cards.append((found[1], found[2]))
        if len(cards) > READER:
            return server, *cards[READER]
    raise SystemExit("the server did not start")


def take(window: BrowserContext, page: str, size: str, card: str, password: str) -> None:
    tab = window.new_page()
    tab.goto(f"{SITE}/login")
    tab.get_by_label("図書館カードの番号").fill(card)
    tab.get_by_label("パスワード", exact=True).fill(password)
    tab.get_by_role("button", name="ログイン").click()
    tab.wait_for_url("**/my/")
    tab.goto(SITE + PAGES[page])
    if page == "title":
        tab.get_by_role("link", name="資料のページへ").click()
        tab.wait_for_url("**/titles/*")
    path = FOLDER / f"{page}-{size}.png"
    tab.screenshot(path=path)
    subprocess.run(["convert", path, "-strip", "-colors", "96", f"PNG8:{path}"], check=True)  # noqa: S603, S607
    window.close()


if __name__ == "__main__":
    main()
