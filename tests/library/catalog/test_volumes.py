"""The order of volumes, read from their texts."""

from itertools import pairwise

import pytest

from library.catalog.series import volumes
from models import Title

ROWS = [
    ("上", "中", "下"),
    ("上巻", "下巻"),
    ("前編", "後編"),
    ("1", "2", "10"),
    ("１", "２", "１０"),
    ("第一巻", "第二巻", "第十巻", "第二十一巻"),
    ("巻の一", "巻の二"),
    ("二〇", "二一"),
    ("第1部 上", "第1部 下", "第2部 上"),
    ("3(上)", "3(下)", "4"),
]


@pytest.mark.parametrize("row", ROWS, ids="".join)
def test_volumes_come_in_their_order(row):
    assert all(volumes.numbers_in(one) < volumes.numbers_in(other) for one, other in pairwise(row))
    earlier, later = Title(title="大菩薩峠", volume=row[0]), Title(title="大菩薩 峠", volume=row[1])
    assert volumes.comes_before(earlier, later)
    assert not volumes.comes_before(later, earlier)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("明暗", "上"), ("門", "下")), (("明暗", "別巻"), ("明暗", "1")), (("明暗", ""), ("明暗", "1")), (("明暗", "1"), ("明暗", "1"))],
)  # fmt: skip
def test_a_volume_of_another_work_is_no_earlier_one(one, other):
    first, second = (Title(title=name, volume=volume) for name, volume in (one, other))
    assert not volumes.comes_before(first, second)
