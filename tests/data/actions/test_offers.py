"""What local groups send in: guarded, moderated, versioned, and never shown before it is accepted."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.actions import offers, registers
from data.actions.people import LOCAL, Person
from data.errors import DataError, DataErrors, NotAllowed, UnknownName
from data.store.audit import select_audit
from data.store.engine import open_store, reading
from data.store.registers import ChangedMeanwhile
from data.store.state import data_revision, revision

PAT = Person("pat@charity.example", "Pat", "partner")
POLLY = Person("polly@charity.example", "Polly", "partner")
MO, MAY = Person("mo@icb.example", "Mo", "strategy"), Person("may@icb.example", "May", "steward")
GROUP = {
    "group_name": "Example stay and play",
    "offers": "stay and play; peer support",
    "for_whom": "dads and partners; young parents",
    "languages": "English; Polish",
    "area_code": "E01015272",
    "covers": "families nearby",
    "how_often": "once a week",
    "since_year": "2019",
    "places": "20",
    "free": "yes",
    "how_found": "drop in",
    "about": "Step-free, with a quiet room",
}


@pytest.fixture
def kept(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A store with the real places and no entry."""
    shutil.copy(reference_file, tmp_path / "store.sqlite")
    engine = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setattr(offers, "opened", lambda: engine)
    monkeypatch.setattr(registers, "opened", lambda: engine)
    yield engine
    engine.dispose()


def acts(engine: sa.Engine) -> list[tuple[str, str]]:
    """Who did what, oldest first; loads of the reference are left out."""
    with reading(engine) as connection:
        trail = select_audit(connection).iloc[::-1]
    return [pair for pair in zip(trail["who"], trail["action"], strict=True) if pair[1].startswith("offer")]


def status_of(entry_id: str) -> str:
    listed = offers.offers_sent(MO).set_index("entry_id")
    return str(listed["status"][entry_id])


@pytest.mark.usefixtures("kept")
def test_what_is_sent_in_waits_and_only_its_sender_and_moderators_see_it() -> None:
    entry_id = offers.suggest(PAT, GROUP)
    (own,) = offers.own_offers(PAT).to_dict("records")
    assert (own["entry_id"], own["status"], own["group_name"]) == (entry_id, "waiting", GROUP["group_name"])
    assert own["offers"] == "peer support; stay and play"  # in the order of the catalogue
    assert (own["places"], own["since_year"], bool(own["free"])) == (20, 2019, True)
    assert offers.own_offers(POLLY).empty
    assert offers.offers_sent(MO)["entry_id"].tolist() == [entry_id]
    with pytest.raises(NotAllowed, match="can't edit a register"):
        offers.offers_sent(PAT)
    with pytest.raises(NotAllowed, match="can't edit a register"):
        offers.decide(PAT, entry_id, "accepted", version=1)


def test_a_moderator_sees_a_pseudonym_and_the_trail_alone_knows_who_sent_it(kept: sa.Engine) -> None:
    entry_id = offers.suggest(PAT, GROUP)
    offers.suggest(POLLY, GROUP)
    seen = offers.offers_sent(MO)
    assert "pat@" not in seen.to_string()
    assert seen["sender"].nunique() == 2
    assert registers.history(MO, "community_offers", entry_id)["recorded_by"].tolist() == [
        seen.set_index("entry_id")["sender"][entry_id]
    ]
    assert acts(kept) == [("pat@charity.example", "offer"), ("polly@charity.example", "offer")]


@pytest.mark.parametrize("decision", ["accepted", "change asked for", "declined"])
def test_a_moderator_decides_and_the_sender_is_told_why(kept: sa.Engine, decision: str) -> None:
    entry_id = offers.suggest(PAT, GROUP)
    with reading(kept) as connection:
        before = (revision(connection), data_revision(connection))
    offers.decide(MO, entry_id, decision, version=1, reason="listed already", reason_words="See the entry of May")
    (own,) = offers.own_offers(PAT).to_dict("records")
    told = ("", "") if decision == "accepted" else ("listed already", "See the entry of May")
    assert (own["status"], own["reason"], own["reason_words"]) == (decision, *told)
    with reading(kept) as connection:
        after = (revision(connection), data_revision(connection))
    assert after[0] != before[0]  # pages look again
    assert after[1] == before[1]  # no figure rests on it, so nothing is released anew
    assert acts(kept)[-1] == ("mo@icb.example", "offer_decided")


@pytest.mark.usefixtures("kept")
def test_declining_needs_a_reason_and_no_decision_is_made_up() -> None:
    entry_id = offers.suggest(PAT, GROUP)
    with pytest.raises(DataErrors) as told:
        offers.decide(MO, entry_id, "declined", version=1)
    assert [one.column for one in told.value.problems] == ["reason"]
    with pytest.raises(DataErrors) as told:
        offers.decide(MO, entry_id, "declined", version=1, reason="another reason", reason_words="Ask Mrs Example")
    assert "Example" not in str(told.value)
    with pytest.raises(UnknownName, match="no such decision"):
        offers.decide(MO, entry_id, "waiting", version=1)
    assert status_of(entry_id) == "waiting"


@pytest.mark.usefixtures("kept")
def test_nobody_decides_on_what_they_sent_in_themselves_unless_nobody_else_is_there() -> None:
    own = offers.suggest(MO, GROUP)
    with pytest.raises(NotAllowed, match="You sent this in yourself"):
        offers.decide(MO, own, "accepted", version=1)
    offers.decide(MAY, own, "accepted", version=1)
    alone = offers.suggest(LOCAL, GROUP)
    offers.decide(LOCAL, alone, "accepted", version=1)
    assert status_of(alone) == "accepted"


@pytest.mark.parametrize(
    ("field", "written", "telling"),
    [
        ("about", "Ask Mrs J Example", "J Example"),
        ("about", "Ring 01202 900123", "900123"),
        ("about", "In the hall at BH5 1ZZ", "1ZZ"),
        ("about", "Write to sam@example.org", "sam@"),
        ("group_name", "Baby Smith’s group", "Smith"),
        ("about", "NHS number 943 476 5919", "943"),
        ("about", "Ring 01202\u200b900123", "900123"),  # with a letter between that nobody sees
    ],
)
def test_what_identifies_a_person_is_refused_without_repeating_it_and_stored_nowhere(
    kept: sa.Engine, field: str, written: str, telling: str
) -> None:
    with pytest.raises(DataErrors) as told:
        offers.suggest(PAT, {**GROUP, field: written})
    (problem,) = told.value.problems
    assert problem.column == field
    with reading(kept) as connection:
        trail = select_audit(connection)
        rows = connection.execute(sa.text("SELECT count(*) FROM community_offer")).scalar_one()
    assert rows == 0
    refusal = trail.iloc[0]  # newest first
    assert (refusal["who"], refusal["action"], refusal["detail"]["fields"]) == (PAT.subject, "offer_refused", [field])
    assert telling not in f"{problem}{trail.to_string()}"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        ("group_name", "", "something is needed here"),
        ("group_name", "x" * 81, "at most 80 letters"),
        ("group_name", "x" * 80, ""),
        ("about", "x" * 161, "at most 160 letters"),
        ("offers", "stay and play; palm reading", "any of: antenatal group"),
        ("places", "-1", "0"),
        ("places", "1001", "from 0 to 1,000"),
        ("area_code", "E01000001", "no such place"),  # one of London's
        ("area_code", "BH51ZZ", ""),
    ],
)
def test_what_is_sent_in_is_held_to_the_rules_of_the_register(field: str, written: str, expected: str) -> None:
    if field == "group_name" and len(written) == 80:
        offers.suggest(PAT, {**GROUP, field: written})
        return
    with pytest.raises(DataErrors) as told:
        offers.suggest(PAT, {**GROUP, field: written})
    (problem,) = told.value.problems
    assert problem.column == field
    assert expected in str(problem)
    assert offers.own_offers(PAT).empty


def test_a_person_sends_in_so_many_a_day_and_a_refusal_counts_as_one(kept: sa.Engine) -> None:
    for _ in range(offers.MOST_A_DAY - 2):
        offers.suggest(PAT, GROUP)
    with pytest.raises(DataErrors):
        offers.suggest(PAT, {**GROUP, "about": "Ask Mrs J Example"})
    last = offers.suggest(PAT, GROUP)
    with pytest.raises(DataError, match="10 within a day"):
        offers.suggest(PAT, GROUP)
    with pytest.raises(DataError, match="10 within a day"):
        offers.suggest(PAT, {**GROUP, "about": "Ask Mrs J Example"})
    assert len(acts(kept)) == offers.MOST_A_DAY  # what is beyond the limit leaves nothing
    offers.withdraw(PAT, last, version=1)  # one may always take back
    offers.suggest(POLLY, GROUP)


@pytest.mark.usefixtures("kept")
def test_the_sender_changes_and_it_is_read_again_before_it_is_shown() -> None:
    entry_id = offers.suggest(PAT, GROUP)
    offers.decide(MO, entry_id, "accepted", version=1)
    offers.change_own(PAT, entry_id, {**GROUP, "how_often": "once a month"}, version=2)
    assert status_of(entry_id) == "waiting"
    with pytest.raises(UnknownName, match="no such entry"):
        offers.change_own(POLLY, entry_id, GROUP, version=3)
    with pytest.raises(UnknownName, match="no such entry"):
        offers.withdraw(POLLY, entry_id, version=3)
    history = registers.history(MO, "community_offers", entry_id)
    assert history["status"].tolist() == ["waiting", "accepted", "waiting"]
    assert history["how_often"].tolist() == ["once a month", "once a week", "once a week"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("who", [PAT, MO])
def test_the_sender_or_a_moderator_withdraws_and_the_history_stays(who: Person) -> None:
    entry_id = offers.suggest(PAT, GROUP)
    offers.withdraw(who, entry_id, version=1)
    assert offers.own_offers(PAT).empty
    assert offers.offers_sent(MO).empty
    assert registers.history(MO, "community_offers", entry_id)["withdrawn"].tolist() == [True, False]
    with pytest.raises(UnknownName, match="no such entry"):
        offers.decide(MO, entry_id, "accepted", version=2)


@pytest.mark.usefixtures("kept")
def test_of_two_moderators_at_once_one_is_told_and_nothing_is_lost() -> None:
    entry_id = offers.suggest(PAT, GROUP)
    start = threading.Barrier(2)

    def decide(person: Person, decision: str) -> str:
        start.wait()
        try:
            offers.decide(person, entry_id, decision, version=1, reason="listed already")
        except ChangedMeanwhile as told:
            return f"told of {told.now['status']}"
        return decision

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(decide, (MO, MAY), ("accepted", "declined")))
    stands = status_of(entry_id)
    assert sorted(done) == sorted([stands, f"told of {stands}"])
    assert registers.history(MO, "community_offers", entry_id)["version"].tolist() == [2, 1]
    with pytest.raises(ChangedMeanwhile):  # the sender had version 1 open
        offers.change_own(PAT, entry_id, GROUP, version=1)
