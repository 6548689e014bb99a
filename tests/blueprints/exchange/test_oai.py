"""OAI-PMH, as a harvester of others asks and reads it (oaipmh-scythe), and as the protocol says where that one does not
ask.
"""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from oaipmh_scythe import Scythe, exceptions

from library import clock
from library.catalog import editing
from library.discovery.exchange import harvest
from library.lending import loans
from library.merging import titles as merging
from models import Title
from tests import factories
from tests.blueprints.exchange import served as serving

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def served(app):
    with serving(app) as address:
        yield f"{address}/oai"


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(harvest, "PART", 3)


def ask(app, **arguments):
    answer = app.test_client().get("/oai", query_string=arguments)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "Set-Cookie" not in answer.headers
    return ElementTree.fromstring(answer.data)


def error(app, **arguments):
    found = ask(app, **arguments).find(f"{OAI}error")
    return found.get("code") if found is not None else None


def harvested(address, **arguments):
    """Return (id, gone) of each record that a harvester takes, in its order."""
    with Scythe(address) as scythe:
        try:
            records = list(scythe.list_records(**{"metadata_prefix": "oai_dc"} | arguments))
        except exceptions.NoRecordsMatch:
            return []
    return [(int(one.header.identifier.rpartition(":")[2]), one.header.deleted) for one in records]


# -- a harvester -------------------------------------------------------------------------------------------------------
def test_a_harvester_takes_everything_then_what_changed_then_what_is_gone(served, small_parts, moved_clock):
    titles = [factories.catalogued(f"本{number}", copies=number % 2) for number in range(10)]
    ids = [title.id for title in titles]
    moved_clock.now += MINUTE
    assert harvested(served) == [(each, False) for each in ids]

    begun = clock.now()
    moved_clock.now += MINUTE
    editing.remove(ids[0], by="desk", now=clock.now())
    factories.withdraw(titles[1].items.get())
    new = factories.catalogued("新しい本")
    loans.check_out(
        factories.patron(), titles[3].items.get(), branch=factories.branch("本館"), by="desk", now=clock.now()
    )
    moved_clock.now += MINUTE
    changed = harvested(served, from_=begun.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert sorted(changed) == [(ids[0], True), (ids[1], True), (new.id, False)]


def test_nothing_is_lost_or_doubled_when_the_catalogue_changes_meanwhile(app, small_parts, moved_clock):
    ids = [factories.catalogued(f"本{number}").id for number in range(8)]
    moved_clock.now += MINUTE
    since = clock.now()

    def part(**arguments):
        root = ask(app, verb="ListIdentifiers", **arguments)
        found = [int(one.text.rpartition(":")[2]) for one in root.iter(f"{OAI}identifier")]
        return found, root.find(f".//{OAI}resumptionToken")

    first, token = part(metadataPrefix="oai_dc")
    assert (token.get("completeListSize"), token.get("cursor")) == ("8", "0")
    moved_clock.now += MINUTE
    editing.remove(ids[0], by="desk", now=clock.now())  # sent already
    editing.remove(ids[5], by="desk", now=clock.now())  # not yet sent
    sent = list(first)
    while token is not None and token.text:
        moved_clock.now += MINUTE
        more, token = part(resumptionToken=token.text)
        sent += more
    assert sent == [each for each in ids if each != ids[5]]
    assert not token.text
    later, _ = part(metadataPrefix="oai_dc", **{"from": since.strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert later == [ids[0], ids[5]]


def test_a_harvester_takes_one_branch(served, db, moved_clock):
    main, other = factories.branch("本館"), factories.branch("分館")
    here, there, both = (factories.catalogued(name) for name in ("此処", "其処", "両方"))
    for title, branch in ((here, main), (there, other), (both, main), (both, other)):
        factories.item(title, branch=branch)
    factories.catalogued("どこにもない")
    with Scythe(served) as scythe:
        assert [(one.setSpec, one.setName) for one in scythe.list_sets()] == [
            (f"branch:{main.code}", "本館"),
            (f"branch:{other.code}", "分館"),
        ]
    assert harvested(served, set_=f"branch:{other.code}") == [(there.id, False), (both.id, False)]
    moved_clock.now += MINUTE
    factories.withdraw(there.items.get())
    assert harvested(served, set_=f"branch:{other.code}") == [(both.id, False), (there.id, True)]
    assert harvested(served, set_=f"branch:{main.code}") == [(here.id, False), (both.id, False)]


@pytest.mark.parametrize(("code", "name"), [("北1", "!E5!8C!971"), ("a b", "a!20b"), ("x:y", "x!3Ay")])
def test_a_set_has_letters_of_the_protocol_whatever_the_branch_is_called(served, db, moved_clock, code, name):
    kept, other = factories.catalogued("残る本"), factories.catalogued("ひとつになる本")
    for title in (kept, other):
        factories.item(
            title, branch=factories.branch("ほかの館") if title is kept else factories.branch("北館", code=code)
        )
    assert f"branch:{name}" in [one.setSpec for one in Scythe(served).list_sets()]
    assert harvested(served, set_=f"branch:{name}") == [(other.id, False)]
    seen = merging.plan(kept.id, other.id).seen
    merging.merge(kept.id, other.id, seen=seen, by="desk", now=clock.now())
    assert (other.id, True) in harvested(served, set_=f"branch:{name}")
    assert [one.setSpecs for one in Scythe(served).list_identifiers(metadata_prefix="oai_dc") if one.deleted] == [
        [f"branch:{name}"]
    ]


def test_a_harvester_takes_spans_of_time(served, db, moved_clock):
    ids = []
    for number in range(4):
        ids.append(factories.catalogued(f"本{number}").id)
        moved_clock.now += timedelta(days=1)
    assert [each for each, _ in harvested(served, from_="2026-11-26", until="2026-11-27")] == ids[1:3]
    moments = {"from_": "2026-11-25T01:42:00Z", "until": "2026-11-26T01:42:00Z"}
    assert [each for each, _ in harvested(served, **moments)] == ids[:2]
    assert harvested(served, until="2020-01-01") == []


# -- the protocol ------------------------------------------------------------------------------------------------------
def test_the_repository_names_itself(app, db):
    title = factories.catalogued()
    named = ask(app, verb="Identify").find(f"{OAI}Identify")
    texts = {one.tag.removeprefix(OAI): one.text for one in named}
    assert texts["repositoryName"] == "すずかけ市立図書館"
    assert texts["baseURL"] == app.config["PUBLIC_URL"] + "/oai"
    assert texts["deletedRecord"] == "persistent"
    assert texts["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert texts["earliestDatestamp"] == title.changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("prefix", ["oai_dc", "dcndl", "marc21"])
def test_a_title_comes_in_each_format(app, db, prefix):
    title = factories.catalogued("こころ\x0b", title_kana="ココロ", isbns=["9784003101018"], copies=1)
    record = ask(app, verb="GetRecord", identifier=f"oai:127.0.0.1:{title.id}", metadataPrefix=prefix)
    text = " ".join(record.find(f".//{OAI}metadata").itertext())
    assert "こころ" in text and "夏目漱石" in text and "9784003101018" in text
    assert record.find(f".//{OAI}setSpec").text == f"branch:{factories.branch('本館').code}"
    assert error(app, verb="ListMetadataFormats", identifier=f"oai:127.0.0.1:{title.id}") is None


@pytest.mark.parametrize(("arguments", "code"), [
    ({}, "badVerb"),
    ({"verb": "Destroy"}, "badVerb"),
    ({"verb": ["Identify", "Identify"]}, "badVerb"),
    ({"verb": "Identify", "set": "branch:1"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-01-02", "until": "2026-01-01"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-01-01", "until": "2026-01-01T00:00:00Z"},
     "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "mods"}, "cannotDisseminateFormat"),
    ({"verb": "GetRecord", "metadataPrefix": "mods", "identifier": "oai:127.0.0.1:1"}, "cannotDisseminateFormat"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:127.0.0.1:99"}, "idDoesNotExist"),
    ({"verb": "ListMetadataFormats", "identifier": "isbn:1"}, "idDoesNotExist"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "branch:none"}, "noRecordsMatch"),
    ({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "until": "1999-01-01"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "resumptionToken": "x.y"}, "badResumptionToken"),
    ({"verb": "ListSets", "resumptionToken": "x.y"}, "badResumptionToken"),
])  # fmt: skip
def test_a_request_that_cannot_be_answered_is_refused_in_the_words_of_the_protocol(app, db, arguments, code):
    assert error(app, **arguments) == code


def test_a_token_is_good_for_a_day_and_its_verb(app, small_parts, moved_clock):
    for number in range(4):
        factories.catalogued(f"本{number}")
    root = ask(app, verb="ListRecords", metadataPrefix="oai_dc")
    token = root.find(f".//{OAI}resumptionToken")
    assert token.get("expirationDate") == "2026-11-26T01:42:00Z"
    assert error(app, verb="ListIdentifiers", resumptionToken=token.text) == "badResumptionToken"
    assert error(app, verb="ListRecords", resumptionToken=f"{token.text}x") == "badResumptionToken"
    moved_clock.now += timedelta(days=1)
    assert error(app, verb="ListRecords", resumptionToken=token.text) is None
    moved_clock.now += timedelta(seconds=1)
    assert error(app, verb="ListRecords", resumptionToken=token.text) == "badResumptionToken"


def test_a_library_without_branches_has_no_sets(app, db):
    assert error(app, verb="ListSets") == "noSetHierarchy"


def test_the_protocol_is_spoken_by_post_too(app, db):
    factories.catalogued()
    answer = app.test_client().post("/oai", data={"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert ElementTree.fromstring(answer.data).find(f".//{DC}title").text == "こころ"
    assert Title.select().count() == 1
