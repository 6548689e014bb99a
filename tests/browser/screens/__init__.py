"""Every page and every state of a page that a person can meet; what holds for all of them is in test_screens.py.

A new page is one line in pages.py and one in routes.py; a state that has to be prepared is a function marked
``@screen``.
"""

from tests.browser.screens import (  # noqa: F401 (each adds its own)
    desk,
    desk_proofs,
    desk_records,
    ebooks,
    failures,
    family,
    interlibrary,
    kids,
    lending,
    my_library,
    pages,
    reference,
    requests,
    sealed,
    serials,
    shelves,
    signing_in,
    wizard,
)
from tests.browser.screens.registry import ALL, reach

__all__ = ["ALL", "reach"]
