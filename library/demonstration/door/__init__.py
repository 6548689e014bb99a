"""Requests, magazines, copies of other libraries, and groups of the demonstration."""

from library.demonstration.door import groups, interlibrary, requests, serials
from library.demonstration.lending import Desk


def write(desk: Desk) -> None:
    requests.write(desk)
    serials.write(desk)
    interlibrary.write(desk)  # whose numbers are above all others
    groups.write(desk)
