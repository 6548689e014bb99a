"""Refusals: a line each, a name and its sentence in Japanese. Nothing else may word a refusal."""

from library.errors.counter import *  # noqa: F403
from library.errors.desk import *  # noqa: F403 (all that can be refused goes by the name errors.…)
from library.errors.ebooks import *  # noqa: F403
from library.errors.epub import *  # noqa: F403
from library.errors.files import *  # noqa: F403
from library.errors.lending import *  # noqa: F403
from library.errors.numbers import *  # noqa: F403
from library.errors.packs import *  # noqa: F403
from library.errors.patrons import *  # noqa: F403
from library.errors.reading import *  # noqa: F403
from library.errors.records import *  # noqa: F403
from library.errors.refusal import *  # noqa: F403
from library.errors.signing_in import *  # noqa: F403
from library.errors.site import *  # noqa: F403
from library.errors.staff import *  # noqa: F403

REFUSALS = named(globals())  # noqa: F405
