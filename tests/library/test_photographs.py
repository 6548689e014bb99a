"""Pictures from outside: what becomes of good ones, and what of those that were made to do harm. All are made here."""

import io
import random
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from library import errors
from library.files import photographs

RED, WHITE = (254, 0, 0), (255, 255, 255)


def picture(kind="JPEG", size=(600, 400), mode="RGB", **given) -> bytes:
    """The upper left quarter red, the rest white."""
    made = Image.new(mode, size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    written = io.BytesIO()
    made.save(written, kind, **given)
    return written.getvalue()


def opened(sized):
    return Image.open(io.BytesIO(sized.content))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data=b"\0" * 50):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp(width, height):
    bits = struct.pack("<I", (width - 1) | ((height - 1) << 14))
    data = b"\x2f" + bits + bytes(21)
    return b"RIFF" + struct.pack("<I", 12 + len(data)) + b"WEBPVP8L" + struct.pack("<I", len(data)) + data


@pytest.mark.parametrize("kind", photographs.KINDS)
def test_every_kind_becomes_jpegs_of_the_widths_that_there_is_enough_of(kind):
    made = photographs.draw(picture(kind, (1200, 800)), (480, 960, 1440))
    assert [(one.width, one.height) for one in made] == [(480, 320), (960, 640), (1200, 800)]
    for one in made:
        assert (opened(one).format, opened(one).size) == ("JPEG", (one.width, one.height))
        red, white = opened(one).getpixel((5, 5)), opened(one).getpixel((one.width - 5, 5))
        assert all(abs(a - b) < 4 for a, b in zip(red + white, RED + WHITE, strict=True))


def mark(colour="black", size=(600, 400), mode="RGBA"):
    """A PNG that is see-through but for a square of a colour."""
    made = Image.new("RGBA", size, (0, 0, 0, 0))
    made.paste(colour, (50, 50, 250, 250))
    written = io.BytesIO()
    (made if mode == "RGBA" else made.convert(mode)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_transparent_picture_stays_so_where_it_may(mode):
    small, large = photographs.draw(mark(mode=mode), (160, 320), clear=True)
    for one in (small, large):
        assert photographs.is_png(one.content) and opened(one).format == "PNG"
        assert opened(one).getpixel((one.width - 3, 3))[3] == 0
        assert opened(one).getpixel((one.width // 4, one.height // 3)) == (0, 0, 0, 255)
        assert not opened(one).info.keys() & {"exif", "Comment"}
    (on_white,) = photographs.draw(mark(mode=mode), (160,))
    assert opened(on_white).format == "JPEG" and min(opened(on_white).getpixel((150, 5))) > 250


def test_an_opaque_picture_is_a_jpeg_all_the_same():
    (made,) = photographs.draw(picture("PNG", mode="RGBA"), (160,), clear=True)
    assert not photographs.is_png(made.content)


@pytest.mark.parametrize(("colour", "mean"), [("black", "#000000"), ("#c81e28", "#c81e28"), ("white", "#ffffff")])
def test_the_colour_of_a_mark_is_that_of_what_is_seen_of_it(colour, mean):
    (made,) = photographs.draw(mark(colour), (160,), clear=True)
    seen = photographs.colour(made.content)
    assert all(abs(int(seen[at : at + 2], 16) - int(mean[at : at + 2], 16)) < 6 for at in (1, 3, 5))


@pytest.mark.parametrize(("orientation", "corner"), [(1, "left"), (3, None), (6, "right"), (8, None)])
def test_it_is_turned_as_the_camera_was_held_and_tells_of_no_place(orientation, corner):
    told = Image.Exif()
    told[0x0112], told[0x010F] = orientation, "Camera of Hanako"
    told[0x8825] = {1: "N", 2: (32.0, 48.0, 11.0), 3: "E", 4: (130.0, 42.0, 28.0)}
    content = picture(exif=told, comment=b"secret words")
    assert b"Camera of Hanako" in content
    (made,) = photographs.draw(content, (300,))
    assert (made.width, made.height) == ((300, 450) if orientation in (6, 8) else (300, 200))
    top = {"left": opened(made).getpixel((5, 5)), "right": opened(made).getpixel((295, 5))}
    assert [side for side, colour in top.items() if colour[1] < 100] == ([corner] if corner else [])
    assert dict(opened(made).getexif()) == {}
    for trace in (b"Exif", b"Hanako", b"secret", b"GPS"):
        assert trace not in made.content


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_sort_of_pixels_is_taken(mode):
    written = io.BytesIO()
    Image.new(mode, (64, 48)).save(written, "PNG")
    assert opened(photographs.draw(written.getvalue(), (480,))[0]).mode == "RGB"


def test_greys_of_two_bytes_keep_how_dark_they_are():
    written = io.BytesIO()
    Image.new("I;16", (64, 48), 0x4000).save(written, "PNG")
    assert opened(photographs.draw(written.getvalue(), (480,))[0]).getpixel((9, 9)) == (64, 64, 64)


def test_a_transparent_picture_stands_on_white():
    written = io.BytesIO()
    Image.new("RGBA", (64, 48), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(photographs.draw(written.getvalue(), (480,))[0]).getpixel((9, 9)) == WHITE


def test_data_hidden_behind_a_picture_stays_behind():
    for more in (b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(200), b"%PDF-1.7"):
        (made,) = photographs.draw(picture() + more, (600,))
        assert more not in made.content
        assert made.content.endswith(b"\xff\xd9")


def test_a_moving_picture_stands_still():
    (made,) = photographs.draw(
        picture("WEBP", save_all=True, append_images=[Image.new("RGB", (600, 400), "blue")]), (600,)
    )
    assert opened(made).getpixel((5, 5))[2] < 100


REFUSED = {
    "nothing": (b"", errors.PictureUnknown),
    "text": ("写真".encode(), errors.PictureUnknown),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", errors.PictureUnknown),
    "gif": (picture("GIF"), errors.PictureUnknown),
    "tiff": (picture("TIFF"), errors.PictureUnknown),
    "bmp behind the name of another": (picture("BMP"), errors.PictureUnknown),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", errors.PictureUnknown),
    "a header alone": (b"\xff\xd8\xff\xe0\0\0" + bytes(50), errors.PictureUnknown),
    "cut off, jpeg": (picture()[:-400], errors.PictureUnreadable),
    "cut off, webp": (picture("WEBP", lossless=True, size=(900, 900))[:-40], errors.PictureUnreadable),
    "cut off, png": (png(600, 400), errors.PictureUnreadable),
    "bomb": (png(60_000, 60_000, bytes(3_000_000)), errors.PictureTooLarge),
    "bomb, thin": (png(4_000_000_000, 1), errors.PictureTooLarge),
    "a little too large": (png(4_000, 3_001), errors.PictureTooLarge),
    "tiny": (png(31, 400), errors.PictureTooSmall),
    "a strip": (png(400, 1_601), errors.PictureTooThin),
    "a strip that no JPEG is high enough for": (picture("PNG", size=(32, 70_000)), errors.PictureTooThin),
    "as many scans as it takes": (picture(progressive=True)[:-2] + b"\xff\xda\0\0" * 101, errors.PictureUnreadable),
    "heavy": (picture() + bytes(photographs.LARGEST), errors.PictureTooHeavy),
}


@pytest.mark.parametrize(("content", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_good_photograph_is_refused(content, refusal):
    with pytest.raises(refusal):
        photographs.draw(content, (480,))


def test_pictures_that_come_together_are_drawn_also_after_one_that_was_refused():
    with ThreadPoolExecutor(4) as many:
        drawn = [many.submit(photographs.draw, content, (300,)) for content in [b"", picture(), b"", picture()]]
    assert [one.exception() is None for one in drawn] == [False, True, False, True]
    assert drawn[1].result() == drawn[3].result()


def test_a_webp_that_claims_to_be_huge_is_refused():
    with pytest.raises(errors.Refused):
        photographs.draw(webp(16_383, 16_383), (480,))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it tells the log of what it could not read beside the picture
def test_damage_of_any_sort_is_a_refusal():
    """Ten letters of a good file changed at a time: it is drawn or refused, and nothing else happens."""
    chance = random.Random(20)
    told = Image.Exif()
    told[0x0112], told[0x8825] = 6, {2: (32.0, 48.0, 11.0)}
    for kind in photographs.KINDS:
        good = picture(kind, (80, 60), exif=told)
        for _ in range(60):
            damaged = bytearray(good)
            for _ in range(10):
                damaged[chance.randrange(12, len(good))] = chance.randrange(256)
            try:
                photographs.draw(bytes(damaged), (40,))
            except errors.Refused:
                continue
