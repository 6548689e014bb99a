"""Refusals: each has a name, and its sentence in Japanese stands below it in WORDING. Nothing else may word a refusal."""

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
