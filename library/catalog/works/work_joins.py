"""作品をまとめる、分ける: decisions of the desk that titles are one work, or are not. Imports keep them."""

from collections.abc import Collection
from datetime import datetime

from library import audit, errors
from library.catalog import records
from library.catalog.fulltext import index
from library.catalog.works import works
from library.store import database
from models import Title, WorkJoin


def join(title_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Make the works of these titles one, also for their later editions. Raises: NothingTicked, AlreadyOneWork."""
    with database.writing():
        chosen = _chosen(title_ids)
        keys = list(dict.fromkeys(title.work_key for title in chosen))
        if len(keys) == 1:
            raise errors.AlreadyOneWork()
        target = next((key for key in keys if not key.startswith(works.OWN)), keys[0])
        others = [key for key in keys if key != target]
        WorkJoin.update(work_key=target).where(WorkJoin.work_key.in_(others)).execute()
        WorkJoin.delete().where(WorkJoin.key == target).execute()
        _lead_to([key for key in others if not key.startswith(works.OWN)], target)
        alone = [key for key in others if key.startswith(works.OWN)]  # no record has these keys
        Title.update(work_fixed=True).where(Title.work_key.in_(alone)).execute()
        Title.update(work_key=target).where(Title.work_key.in_(others)).execute()
        _note("work.joined", chosen, by, now)


def separate(title_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Make a work of their own of these titles, taken from theirs. Raises: NothingTicked, WorkNotParted."""
    with database.writing():
        chosen = _chosen(title_ids)
        together = list(Title.select(Title.id).where(Title.work_key.in_({title.work_key for title in chosen})))
        rest = {title.id for title in together} - {title.id for title in chosen}
        if not rest:
            raise errors.WorkNotParted()
        target = _free(min(title.id for title in chosen))
        found = records.load([*rest, *(title.id for title in chosen)])
        stay = {works.key_of(found[title_id]) for title_id in rest}
        go = {works.key_of(found[title.id]) for title in chosen} - stay - {""}
        _lead_to(sorted(go), target)
        Title.update(work_key=target, work_fixed=True).where(Title.id.in_([title.id for title in chosen])).execute()
        _note("work.parted", chosen, by, now)


def _chosen(title_ids: Collection[int]) -> list[Title]:
    chosen = list(Title.select(Title.id, Title.work_key).where(Title.id.in_(list(title_ids))).order_by(Title.id))
    if not chosen:
        raise errors.NothingTicked()
    return chosen


def _lead_to(keys: list[str], target: str) -> None:
    """Let titles with these keys, also later ones, belong to the work ``target``."""
    for key in keys:
        WorkJoin.insert(key=key, work_key=target).on_conflict(
            conflict_target=[WorkJoin.key], update={WorkJoin.work_key: target}
        ).execute()


def _free(title_id: int) -> str:
    """Return a work key that no title has and no other key leads to."""
    key = f"{works.OWN}{title_id}"
    while (
        Title.select().where(Title.work_key == key).exists()
        or WorkJoin.select().where(WorkJoin.work_key == key).exists()
    ):
        key += works.OWN
    return key


def _note(action: str, chosen: list[Title], by: str, now: datetime) -> None:
    index.copies_changed()
    audit.record(action, actor=by, now=now, titles=[title.id for title in chosen])
