"""The card on a phone is read by a scanner: a decoder looks at a picture of the screen."""

import pytest
import zxingcpp
from PIL import Image

from tests import factories


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", ["小", "大"])
def test_a_scanner_reads_the_card_on_a_phone(visit, patron, tmp_path, colours, size):
    visitor = visit(width=390, height=844, color_scheme=colours)
    visitor.sign_in(patron.card_number, factories.PASSWORD, "/my/card")
    visitor.choose_text_size(size)
    picture = tmp_path / "screen.png"
    visitor.page.screenshot(path=picture, full_page=True)
    with Image.open(picture) as screen:
        read = [f"{seen.format}:{seen.text}" for seen in zxingcpp.read_barcodes(screen)]
    assert sorted(read) == [f"Codabar:A{patron.card_number}A", f"QR Code:{patron.card_number}"]


def test_the_screen_stays_on_while_the_card_is_shown(visit, patron):
    visitor = visit(width=390, height=844)
    visitor.sign_in(patron.card_number, factories.PASSWORD, "/my/card")
    visitor.page.add_init_script(
        "navigator.wakeLock.request = async (kind) => (window.kept = [...(window.kept ?? []), kind])"
    )
    visitor.go("/my/card")
    visitor.page.wait_for_function("window.kept?.length === 1")
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert visitor.page.evaluate("window.kept") == ["screen", "screen"]
