"""特集: what can be kept, when it is shown, what becomes of it when titles go."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.site import features
from models import Audit, Feature, FeatureBook, FeatureVersion, Title
from tests import factories


def draft(titles=(), **given):
    listed = tuple(features.of_title(title, f"{title.title}の紹介") for title in titles)
    return features.Draft(
        **{"title": "夏の本", "text": "海と山。", "slug": "summer", "public": True, "books": listed} | given
    )


def write(titles=(), feature=None, seen=None, **given):
    return features.write(feature, draft(titles, **given), seen=seen, by="staff:kanri", now=clock.now())


@pytest.fixture
def titles(db):
    return [factories.title(name, volume="") for name in ("こころ", "三四郎", "門")]


def names(feature):
    return [book.name for book in features.books(feature)]


def refused(call, *given, **named):
    with pytest.raises(errors.RefusedTogether) as caught:
        call(*given, **named)
    return {field: [type(one) for one in found] for field, found in caught.value.by_field.items()}


def test_a_list_is_kept_with_its_books_in_order_and_every_version(titles):
    feature = write(titles)
    assert names(feature) == ["こころ", "三四郎", "門"]
    assert features.books(feature)[0].comment == "こころの紹介"
    assert write(titles, feature).id == feature.id
    assert FeatureVersion.select().count() == 1  # it said the same
    write(titles[::-1], feature, slug="")
    assert names(feature) == ["門", "三四郎", "こころ"]
    latest, first = features.versions(feature)
    assert [book.name for book in features.books_of(first)] == ["こころ", "三四郎", "門"]
    assert [book.name for book in features.books_of(latest)] == ["門", "三四郎", "こころ"]
    assert Audit.select().where(Audit.action == "feature.written").count() == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": " "}, {"title": [errors.FieldEmpty]}),
        ({"text": "[x](javascript:alert(1))"}, {"text": [errors.LinkUnusable]}),
        ({"slug": "夏"}, {"slug": [errors.SlugUnreadable]}),
        ({"slug": ""}, {"slug": [errors.SlugUnreadable]}),
        ({"slug": "taken"}, {"slug": [errors.SlugTaken]}),
        ({"first": "あした"}, {"first": [errors.DateMalformed]}),
        ({"first": "2026-12-02", "last": "2026年12月1日"}, {"last": [errors.FeatureEndsBefore]}),
        ({"books": ()}, {"words": [errors.FeatureEmpty]}),
    ],
)
def test_a_feature_that_can_not_be_kept_is_refused_by_field(titles, given, expected):
    write(titles, slug="taken")
    assert refused(write, titles, **given) == expected
    assert Feature.select().count() == 1


def test_a_change_of_an_older_version_is_told_so_and_nothing_is_kept(titles):
    feature = write(titles)
    (seen,) = features.versions(feature)
    write(titles, feature, seen=seen.id, title="秋の本")
    with pytest.raises(errors.TextChangedMeanwhile) as refused:
        write(titles, feature, seen=seen.id, title="冬の本")
    assert refused.value.facts == {"by": "kanri"}
    assert write(titles, feature, seen=seen.id, title="秋の本").title == "秋の本"  # pressed twice
    assert [row.title for row in features.versions(feature)] == ["秋の本", "夏の本"]


def test_a_list_that_was_moved_meanwhile_is_kept_where_it_is_and_one_that_was_deleted_is_not_kept(titles):
    first, second = write(titles), write(titles, slug="second")
    features.move(Feature.get_by_id(second.id), 1)
    write(titles[:1], first)
    assert [(row.slug, row.position) for row in features.shown(today=clock.today())] == [("second", 1), ("summer", 2)]
    features.delete(Feature.get_by_id(first.id), by="staff:kanri", now=clock.now())
    with pytest.raises(errors.FeatureGone):
        write(titles, first)


def test_a_draft_may_be_empty_and_nobody_sees_it(db):
    feature = write(public=False, on_front=True)
    today = clock.today()
    assert features.find(feature.slug, today=today) is None
    assert features.shown(today=today) == []
    assert features.on_front(today=today) == []


def test_a_list_has_room_for_so_many_and_a_title_once(titles, monkeypatch):
    listed = [features.of_title(title) for title in titles]
    assert [type(one) for one in features.addition_refusals(listed, titles[0])] == [errors.BookInFeature]
    another = factories.title("草枕")
    assert features.addition_refusals(listed, another) == []
    monkeypatch.setattr(features, "MOST", 3)
    assert [type(one) for one in features.addition_refusals(listed, another)] == [errors.FeatureFull]
    assert refused(write, [*titles, another]) == {"words": [errors.FeatureFull]}
    assert refused(write, [titles[0], titles[1], titles[0]]) == {"words": [errors.BookInFeature]}


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True), (1, 2, False)],
)
def test_it_is_shown_from_its_first_to_its_last_day(titles, first, last, shown):
    today = clock.today()
    days = {"first": first, "last": last}
    typed = {name: "" if days[name] is None else str(today + timedelta(days=days[name])) for name in days}
    feature = write(titles, on_front=True, icon="heart", **typed)
    assert (features.find("summer", today=today) is not None) is shown
    assert features.is_shown(feature, today=today) is shown
    assert features.on_front(today=today) == ([("summer", "夏の本", "heart")] if shown else [])


def test_a_title_that_was_corrected_is_called_anew_and_one_that_was_deleted_stays_named(titles):
    feature = write(titles)
    Title.update(title="こゝろ", volume="上").where(Title.id == titles[0].id).execute()
    titles[2].delete_instance()
    assert names(feature) == ["こゝろ 上", "三四郎", "門"]
    assert [book.title_id for book in features.books(feature)] == [titles[0].id, titles[1].id, None]
    factories.title("別の本", id=titles[2].id)
    (version,) = features.versions(feature)
    assert [book.title_id for book in features.books_of(version)] == [None, titles[1].id, None]


def test_lists_are_put_in_an_order_and_one_that_is_deleted_takes_all_of_its_own(titles):
    made = [write(titles, slug=slug, title=slug) for slug in ("a", "b", "c")]
    assert features.move(made[2], 1) == 1
    assert [feature.slug for feature in features.shown(today=clock.today())] == ["c", "a", "b"]
    features.delete(Feature.get_by_id(made[0].id), by="staff:kanri", now=clock.now())
    assert [(row.slug, row.position) for row in Feature.select().order_by(Feature.position)] == [("c", 1), ("b", 2)]
    assert FeatureBook.select().where(FeatureBook.feature == made[0].id).count() == 0
    assert FeatureVersion.select().where(FeatureVersion.feature == made[0].id).count() == 0
    assert Title.select().count() == 3
