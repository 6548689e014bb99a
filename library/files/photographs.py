"""Uploaded pictures made safe: JPEG, PNG and WebP by their content, redrawn as JPEG, or as PNG to stay transparent.

Only the pixels stay: place, time, author and device of a photograph are removed, and all else hidden in the file.
"""

import io
import math
import struct
import threading
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from library import errors

KINDS = ("JPEG", "PNG", "WEBP")
# pictures of a book, which a browser draws; MPO of Pillow is a JPEG with further pictures behind it
SHOWN = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
LARGEST = 7 * 1024**2  # bytes as it comes
MOST_PIXELS = 12_000_000
MOST_OF_CAMERAS = 25_000_000  # of a JPEG, also one of several in a file (MPO), which is read smaller than it is
SMALLEST = 32  # pixels of either side
LONGEST_SIDE = 4  # times the other: a strip would be drawn at its full length, of which pages show a small part
MOST_SCANS = 100  # of a JPEG: each is a walk over the whole picture, however short it is
QUALITY = 82
COVER = (240, 360)  # pixels
MOST_OF_COVERS = 20_000_000
COVER_KINDS = (*KINDS, "GIF")  # of which servers make the dot that they send instead of nothing
COVER_SHAPES = (0.6, 0.74)  # width by height, of which the cut takes a tenth at most
OPAQUE = 255  # of the alpha of a pixel
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is drawn
_one_at_a_time = threading.Lock()  # the memory that the largest takes is needed once, however many are sent together


class Sized(NamedTuple):
    width: int
    height: int
    content: bytes


def is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG")


def kind(content: bytes) -> str:
    """Return the MIME type of a picture that is shown unchanged, by its content.

    Refuses types other than SHOWN, and more pixels than a phone has memory for.
    """
    try:
        with Image.open(io.BytesIO(content), formats=(*KINDS, "GIF")) as opened:
            if opened.width * opened.height > MOST_OF_CAMERAS:
                raise errors.PictureTooLarge(most=MOST_OF_CAMERAS // 10_000)
            return SHOWN[opened.format or ""]
    except UnidentifiedImageError as error:
        raise errors.PictureUnknown() from error
    except (*_UNREADABLE, KeyError) as error:
        raise errors.PictureUnreadable() from error


def draw(content: bytes, widths: Iterable[int], *, clear: bool = False) -> list[Sized]:
    """Return the picture upright as JPEGs of these widths, smallest first, none wider than the original.

    ``clear``: a transparent picture stays so, as PNG; else it gets a white ground. Refuses types other than KINDS, and
    pictures that are damaged, too small or too large.
    """
    _weigh(content)
    with _one_at_a_time:
        whole = _read(content, KINDS, max(widths), clear)
        fitting = sorted({min(width, whole.width) for width in widths})
        return [_sized(whole, width) for width in fitting]


def draw_cover(content: bytes) -> bytes:
    """Return the picture as a WebP of size COVER, cut if its shape is close, else padded with its mean colour.

    Raises: as ``draw``.
    """
    _weigh(content)
    with _one_at_a_time:
        whole = _read(content, COVER_KINDS, COVER[0], clear=False, most=MOST_OF_COVERS)
        if COVER_SHAPES[0] <= whole.width / whole.height <= COVER_SHAPES[1]:
            fitted = ImageOps.fit(whole, COVER, Image.Resampling.LANCZOS)
        else:
            ground = tuple(round(part) for part in ImageStat.Stat(whole).mean)
            fitted = ImageOps.pad(whole, COVER, Image.Resampling.LANCZOS, color=ground)
        fitted.info.clear()
        made = io.BytesIO()
        fitted.save(made, "WEBP", quality=QUALITY)
        return made.getvalue()


def _weigh(content: bytes) -> None:
    """Refuse a file that is too heavy before reading it."""
    if len(content) > LARGEST:
        raise errors.PictureTooHeavy(megabytes=LARGEST // 1024**2)
    if content.count(b"\xff\xda") > MOST_SCANS:
        raise errors.PictureUnreadable()


def _read(content: bytes, kinds: tuple[str, ...], enough: int, clear: bool, most: int = MOST_OF_CAMERAS) -> Image.Image:
    """Return the picture upright, reduced until its shorter side is about ``enough``."""
    try:
        with Image.open(io.BytesIO(content), formats=kinds) as opened:
            _judge(opened, most)
            return _upright(opened, enough, clear)
    except UnidentifiedImageError as error:
        raise errors.PictureUnknown() from error
    except _UNREADABLE as error:
        raise errors.PictureUnreadable() from error


def _judge(opened: Image.Image, most_of_jpeg: int) -> None:
    most = most_of_jpeg if opened.format in ("JPEG", "MPO") else MOST_PIXELS
    if opened.width * opened.height > most:
        raise errors.PictureTooLarge(most=most // 10_000)
    if min(opened.size) < SMALLEST:
        raise errors.PictureTooSmall(least=SMALLEST)
    if max(opened.size) > LONGEST_SIDE * min(opened.size):
        raise errors.PictureTooThin(most=LONGEST_SIDE)


def _upright(opened: Image.Image, most: int, clear: bool) -> Image.Image:
    """Return the first picture of the file upright and reduced; on white, unless transparent and ``clear``."""
    enough = min(1, most / min(opened.size))
    size = math.ceil(opened.width * enough), math.ceil(opened.height * enough)
    opened.draft("RGB", size)
    smaller = _coloured(opened).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    smaller.info = opened.info
    turned = ImageOps.exif_transpose(smaller)
    if turned.mode == "RGBA" and not (clear and _lowest(turned.getchannel("A")) < OPAQUE):
        turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned).convert("RGB")
    return turned


def _lowest(channel: Image.Image) -> int:
    return int(ImageStat.Stat(channel).extrema[0][0])


def _coloured(opened: Image.Image) -> Image.Image:
    if opened.mode in ("RGB", "RGBA"):
        opened.load()
        return opened
    if opened.mode == "I;16":  # 65,536 greys, of which a conversion would take all but the darkest 256 for white
        return opened.point(lambda grey: grey / 256).convert("L").convert("RGB")
    return opened.convert("RGBA" if opened.has_transparency_data else "RGB")


def _sized(whole: Image.Image, width: int) -> Sized:
    height = max(1, round(whole.height * width / whole.width))
    smaller = whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    smaller.info.clear()
    made = io.BytesIO()
    if smaller.mode == "RGBA":
        smaller.save(made, "PNG", optimize=True)
    else:
        smaller.save(made, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return Sized(width, height, made.getvalue())


def colour(content: bytes) -> str:
    """Return the mean colour, ``#rrggbb``, of the visible pixels of a picture drawn here."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
        whole = opened.convert("RGBA")
    parts = ImageStat.Stat(whole.convert("RGB"), mask=whole.getchannel("A")).mean
    return "#" + "".join(f"{round(part):02x}" for part in parts)
