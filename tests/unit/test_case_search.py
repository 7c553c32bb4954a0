"""Words of cases are found with and without accents, on both engines, and go when the case does."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text, update

from feedback.acts import Reply
from feedback.confidential import Closed
from feedback.deciding import decide
from feedback.office import Office
from feedback.roles import OFFICER, Actor, Role
from feedback.states import State
from storage import case_search, cases, rights
from storage.ids import new_id
from storage.opening import open_store
from storage.reading_queue import Wanted, queue
from storage.store import Store
from storage.tables import accounts, persons
from storage.tables import cases as rows
from storage.tx import Tx
from tests.stores import SampleCommune, run_apart, seed_sample
from vietnam.search_words import LONGEST, marked, search_words

SAID = "Đường vào thôn bị sạt lở, xe không qua được"


def account(tx: Tx, commune: SampleCommune) -> int:
    person, id = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=0))
    mine = {"id": id, "person_id": person, "channel_account_id": commune.telegram, "platform_id": str(id)}
    tx.execute(insert(accounts).values(**mine, created_at=0))
    return id


def bring(tx: Tx, commune: SampleCommune, code: str, **more: object) -> int:
    """A case as it stands after it was opened; its id."""
    id = new_id()
    values = {
        "id": id, "unit_id": commune.commune, "code": code, "kind": "feedback", "category": "roads", "text": SAID,
        "state": "new", "channel": "telegram", "opened_at": id, "account_id": more.pop("account_id", 0),
    }  # fmt: skip
    values["account_id"] = values["account_id"] or account(tx, commune)
    tx.execute(insert(rows).values(**values | more))
    case_search.keep(tx, id)
    return id


def found(conn: Connection, commune: SampleCommune, search: str, unit: int = 0, **of: object) -> list[str]:
    where = case_search.finds(conn, search, unit or commune.commune, **of)
    assert where is not None
    return sorted(conn.scalars(select(rows.c.code).where(where)))


async def finding(store: Store, commune: SampleCommune, search: str, unit: int = 0, **of: object) -> list[str]:
    return await store.read(lambda conn: found(conn, commune, search, unit, **of))


async def test_a_case_is_found_by_everything_that_was_said_with_and_without_accents(
    store: Store, commune: SampleCommune
) -> None:
    # given a case with a place, a thôn, a name, a transcript and an answer
    more = {
        "village_id": commune.villages[2], "place": "Cầu Nà Sèn", "name": "Nông Thị Páo", "transcript": "đèn hỏng",
        "reply": "Xã đã san gạt xong",
    }  # fmt: skip
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", **more))
    await store.write(lambda tx: bring(tx, commune, "XM-2026-BBBBBB-3", text="Rác đổ trộm"))
    # when it is searched for in any of these ways, then it alone is found
    for search in (
        "sạt lở", "SAT LO", "lở sạt", "duong", "Đường", "nà sèn", "na sen cau", "thon mau 3", "páo", "Nong Thi Pao",
        "den hong", "san gạt", "aaaaaa", "xm-2026-aaaaaa",
    ):  # fmt: skip
        assert await finding(store, commune, search) == ["XM-2026-AAAAAA-2"], search
    for search in ("sạt lở rác", "satlo", "duon", "zzz"):
        assert await finding(store, commune, search) == [], search


@pytest.mark.parametrize(
    "search",
    ['"', "'", "sat AND", "NOT sat", "sat NEAR(lo)", "sat*", "^sat", "{sat}", "sat:lo", "sat OR", "(sat",
     "sat) --", "sat & | !", "\\sat", "sat\u202e lo", "sat 😀", "'; DROP TABLE cases; --"],
)  # fmt: skip
async def test_quotes_and_operators_are_signs_between_words(store: Store, commune: SampleCommune, search: str) -> None:
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", text="sat and or not near lo drop table cases"))

    def look(conn: Connection) -> list[str]:
        where = case_search.finds(conn, search, commune.commune)
        return [] if where is None else list(conn.scalars(select(rows.c.code).where(where)))

    assert await store.read(look) == ([] if not search_words(search) else ["XM-2026-AAAAAA-2"])


async def test_ten_thousand_words_are_a_search_like_any_other(store: Store, commune: SampleCommune) -> None:
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2"))
    long = "sạt lở " * 5_000 + "x" * 10_000
    assert await finding(store, commune, long) == []
    assert await finding(store, commune, "sạt lở " * 5_000) == ["XM-2026-AAAAAA-2"]


async def test_another_scripts_words_are_found_too(store: Store, commune: SampleCommune) -> None:
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", text="ផ្លូវ 道路 дорога"))
    for search in ("ផ្លូវ", "道路", "Дорога"):
        assert await finding(store, commune, search) == ["XM-2026-AAAAAA-2"], search


async def test_a_search_stays_in_its_commune_and_in_what_it_is_narrowed_to(
    store: Store, commune: SampleCommune
) -> None:
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", village_id=commune.villages[0]))
    await store.write(lambda tx: bring(tx, commune, "XM-2026-BBBBBB-3", kind="petition", category="land"))
    both = ["XM-2026-AAAAAA-2", "XM-2026-BBBBBB-3"]
    assert await finding(store, commune, "sat lo") == both
    assert await finding(store, commune, "sat lo", unit=commune.province) == []
    for of, there in (({"kind": "petition"}, both[1:]), ({"category": "roads"}, both[:1]), ({"village": 5}, [])):
        assert await finding(store, commune, "sat lo", **of) == there


async def test_who_wants_to_stay_unknown_is_found_by_no_name(store: Store, commune: SampleCommune) -> None:
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", name="Nông Thị Páo", anonymous=1))
    assert await finding(store, commune, "páo") == []
    assert await finding(store, commune, "0912345678") == []


async def test_whoever_agrees_no_longer_is_found_by_no_name_and_no_place(store: Store, commune: SampleCommune) -> None:
    said = {"name": "Nông Thị Páo", "place": "Nà Sèn"}
    whose = await store.write(lambda tx: account(tx, commune))
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", account_id=whose, **said))
    assert await finding(store, commune, "páo nà sèn") == ["XM-2026-AAAAAA-2"]
    await store.write(lambda tx: rights.withdraw(tx, [whose], 1))
    assert await finding(store, commune, "páo") == []
    assert await finding(store, commune, "nà sèn") == []
    assert await finding(store, commune, "sạt lở") == ["XM-2026-AAAAAA-2"]


async def test_a_confidential_case_is_not_even_in_the_index(store: Store, commune: SampleCommune) -> None:
    id = await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2"))

    def close(tx: Tx, closed: Closed) -> None:
        tx.execute(update(rows).where(rows.c.id == id).values(confidential=int(closed)))
        case_search.keep(tx, id)

    await store.write(lambda tx: close(tx, Closed.KEPT))
    assert await finding(store, commune, "sạt lở") == []
    assert await store.read(lambda conn: conn.execute(text("SELECT count(*) FROM case_words")).scalar()) == 0
    await store.write(lambda tx: close(tx, Closed.NOT))
    assert await finding(store, commune, "sạt lở") == ["XM-2026-AAAAAA-2"]


async def test_an_answer_is_found_from_the_act_that_gives_it(store: Store, commune: SampleCommune, now: int) -> None:
    id = await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2"))
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)

    def answer(tx: Tx) -> bool:
        facts = cases.facts_of(tx, id)
        assert facts is not None
        decision = decide(facts, Reply("Xã sẽ kè đá mái taluy", facts.version), officer, now=now, office=Office())
        return cases.write(tx, facts, decision, officer, now)  # type: ignore[arg-type]  # no refusal

    assert await store.write(answer)
    assert await finding(store, commune, "ke da taluy") == ["XM-2026-AAAAAA-2"]


async def test_the_queue_marks_what_was_found_and_shows_the_part_around_it(
    store: Store, commune: SampleCommune, now: int
) -> None:
    long = "Kính gửi xã. " * 20 + "Đoạn đường sạt lở nặng. " + "Mong xã xem xét. " * 20
    await store.write(lambda tx: bring(tx, commune, "XM-2026-AAAAAA-2", text=long))
    await store.write(lambda tx: bring(tx, commune, "XM-2026-BBBBBB-3", text="Việc khác", reply="Đã xử lý chỗ sạt lở"))
    by = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    wanted = Wanted(states=tuple(State), search="sat lo", sort="newest")
    answered, asked = (await store.read(lambda conn: queue(conn, commune.commune, wanted, now=now, by=by))).rows
    assert [piece for piece, hit in asked.excerpt if hit] == ["sạt lở"]
    assert asked.excerpt[0][0].startswith("…")
    assert [piece for piece, hit in answered.reply if hit] == ["sạt lở"]
    assert answered.excerpt == (("Việc khác", False),)


def test_what_is_erased_is_in_no_page_of_the_file_any_more(sqlite_url: str, tmp_path: Path, now: int) -> None:
    # given a case with a word that stands nowhere else
    secret = "bimatxyz"

    async def run() -> None:
        store = open_store(sqlite_url)
        commune = await store.write(lambda tx: seed_sample(tx, now))
        codes = [f"XM-2026-AAAAA{number}-2" for number in range(2, 9)]
        ids = [await store.write(partial(bring, commune=commune, code=code)) for code in codes]
        id = await store.write(lambda tx: bring(tx, commune, "XM-2026-BBBBBB-3", text=f"Chuyện {secret}"))

        def erase(tx: Tx) -> None:
            tx.execute(update(rows).where(rows.c.id == id).values(text="", folded=""))
            case_search.keep_all(tx, [id, *ids])

        # when its words go, and the house is swept
        await store.write(erase)
        await case_search.tidy(store)
        assert await store.forget_log()
        await store.close()

    run_apart(run())
    # then nothing of it is left, nor of the index's own marks of what was taken out
    with closing(sqlite3.connect(tmp_path / "nghedan.db")) as file:
        assert file.execute("SELECT count(*) FROM case_words").fetchone() == (8,)
        assert file.execute("SELECT count(*) FROM case_words WHERE case_words MATCH 'sat'").fetchone() == (7,)
    assert secret.encode() not in (tmp_path / "nghedan.db").read_bytes()


async def test_a_word_that_many_have_finds_all_that_is_open_and_the_newest_of_the_rest(
    store: Store, commune: SampleCommune, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_search, "MOST_DONE", 3)
    whose = await store.write(lambda tx: account(tx, commune))
    states = ["new"] + ["closed"] * 5
    for number, state in enumerate(states):
        code = f"XM-2026-AAAAA{number}-2"
        await store.write(partial(bring, commune=commune, code=code, state=state, account_id=whose))
    assert await finding(store, commune, "sat lo") == [f"XM-2026-AAAAA{number}-2" for number in (0, 3, 4, 5)]


@given(st.text(max_size=80))
def test_words_are_letters_and_digits_whatever_is_typed(said: str) -> None:
    for word in search_words(said):
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()
        assert 0 < len(word) <= LONGEST


@given(st.text(max_size=80), st.text(max_size=20))
def test_marking_loses_nothing_of_a_text(said: str, search: str) -> None:
    assert "".join(piece for piece, _ in marked(said, frozenset(search_words(search)))) == said
