"""Refusals: each is a class with its sentence in Japanese beside it. Nothing else may word a refusal."""

from library.errors.articles import *  # noqa: F403 (all that can be refused goes by the name errors.…)
from library.errors.desk import *  # noqa: F403
from library.errors.ebooks import *  # noqa: F403
from library.errors.family import *  # noqa: F403
from library.errors.files import *  # noqa: F403
from library.errors.lending import *  # noqa: F403
from library.errors.profile import *  # noqa: F403
from library.errors.reference import *  # noqa: F403
from library.errors.refusal import *  # noqa: F403
from library.errors.sdi import *  # noqa: F403
from library.errors.shelves import *  # noqa: F403
from library.errors.signing_in import *  # noqa: F403

REFUSALS = {name: kind for name, kind in globals().items() if isinstance(kind, type) and issubclass(kind, Refused)}  # noqa: F405
