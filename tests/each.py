"""One test for all of many files: a test of its own for each of thousands takes longer to begin than to run."""

from collections.abc import Callable, Iterable
from typing import Any


def of_each(
    values: Iterable[Any], named: Callable[[Any], str] = str
) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Return the decorator that makes a test of one value a test of all these, which fails with the name of each that
    fails.
    """
    kept = list(values)
    assert kept

    def decorate(test):
        def test_all():
            failed = []
            for value in kept:
                try:
                    test(value)
                except AssertionError as error:
                    error.add_note(named(value))
                    failed.append(error)
            if failed:
                raise ExceptionGroup(test.__name__, failed)

        test_all.__name__, test_all.__doc__ = test.__name__, test.__doc__
        return test_all

    return decorate
