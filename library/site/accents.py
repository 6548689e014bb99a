"""The accent of a library: one colour, from which all others of a page are derived. OKLCH keeps the hue (see the look).

Contrast is that of WCAG 2.2. The matrices are Björn Ottosson's (A perceptual color space for image processing, 2020).
"""

import hashlib
import math
import re
from collections.abc import Callable
from functools import lru_cache

from library import errors

SHIPPED = "#025d51"  # that of the style sheets
LEAST = 4.5  # contrast of the accent on white
WHITE = (1.0, 1.0, 1.0)
FULL_CHROMA = 0.10  # from here on a role has the most colour that it may have
# role → lightness and the most chroma, in light and in dark
LIGHT = {"accent-strong": (0.34, 0.10), "accent-line": (0.82, 0.06), "accent-tint": (0.964, 0.014)}
DARK = {
    "accent": (0.82, 0.09),
    "accent-strong": (0.90, 0.06),
    "accent-line": (0.45, 0.06),
    "accent-tint": (0.275, 0.035),
}
GROUNDS = ((247, 244, 238), (236, 231, 220))  # sand and sand-2, on which links stand, too
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\Z")

RGB = tuple[float, float, float]  # linear light, 0 to 1


def read(text: str) -> str:
    """Return a typed colour as ``#rrggbb``, empty for none. Raises: ColourUnreadable; AccentTooPale, naming the
    nearest.
    """
    if not text.strip():
        return ""
    found = _HEX.match(text.strip())
    if not found:
        raise errors.ColourUnreadable()
    digits = found[1].lower() if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1].lower())
    colour = f"#{digits}"
    if (ratio := contrast(linear(colour), WHITE)) < LEAST:
        raise errors.AccentTooPale(ratio=f"{math.floor(ratio * 10) / 10:.1f}", nearest=nearest(colour))
    return colour


def nearest(colour: str) -> str:
    """Return the colour, darkened as far as it needs for enough contrast on white."""
    return _darkened(colour, lambda rgb: contrast(rgb, WHITE) >= LEAST)


@lru_cache(maxsize=64)
def sheet(colour: str) -> str:
    """Return the style sheet of an accent: its tokens for light and dark pages."""
    light = {"accent": _readable(colour)} | {name: _role(colour, *role) for name, role in LIGHT.items()}
    dark = {name: _role(colour, *role) for name, role in DARK.items()}
    bar = f".desk-bar{{background:{light['accent-strong']}}}"
    return f":root{{{_tokens(light)}}}{bar}@media (prefers-color-scheme:dark){{:root{{{_tokens(dark)}}}}}"


def version(colour: str | None) -> str:
    """Return a hash that names the style sheet of an accent; empty without an accent."""
    return hashlib.sha256(sheet(colour).encode()).hexdigest()[:12] if colour else ""


def _tokens(values: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def _readable(colour: str) -> str:
    """Return the accent, darkened until links on sand and on its own tint are readable."""
    grounds = [(_light(red / 255), _light(green / 255), _light(blue / 255)) for red, green, blue in GROUNDS]
    grounds.append(linear(_role(colour, *LIGHT["accent-tint"])))
    return _darkened(colour, lambda rgb: all(contrast(rgb, ground) >= LEAST for ground in grounds))


def _role(colour: str, lightness: float, most: float) -> str:
    """Return the colour of a role: hue and chroma of the accent, with less chroma if a screen can't show it."""
    _, chroma, hue = _lch(linear(colour))
    return _hex(_shown(lightness, most * min(1, chroma / FULL_CHROMA), hue))


def _darkened(colour: str, passes: Callable[[RGB], bool]) -> str:
    """Return the lightest colour of this hue that passes, no lighter than the colour itself."""
    lightness, chroma, hue = _lch(linear(colour))
    if passes(linear(colour)):
        return colour
    low, high = 0.0, lightness
    for _ in range(24):
        middle = (low + high) / 2
        if passes(linear(_hex(_shown(middle, chroma, hue)))):
            low = middle
        else:
            high = middle
    return _hex(_shown(low, chroma, hue))


# -- colours -----------------------------------------------------------------------------------------------------------
def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: RGB) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def linear(colour: str) -> RGB:
    """Return the three linear components of ``#rrggbb``."""
    red, green, blue = (_light(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return red, green, blue


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _hex(rgb: RGB) -> str:
    return "#" + "".join(f"{round(255 * _from_light(min(1, max(0, part)))):02x}" for part in rgb)


def _from_light(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _lch(rgb: RGB) -> tuple[float, float, float]:
    red, green, blue = rgb
    l = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)  # noqa: E741 (as the source has it)
    m = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    s = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> RGB:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def _shown(lightness: float, chroma: float, hue: float) -> RGB:
    """Return a colour that a screen can show, with less chroma if needed."""
    while chroma > 0.0005 and any(not -0.0005 <= part <= 1.0005 for part in _rgb(lightness, chroma, hue)):
        chroma *= 0.98
    return _rgb(lightness, chroma, hue)
