"""Survey figures on the officers' pages: what five answers show, what fewer hide, what is sealed until its close."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from storage import responses
from storage.ids import new_id
from storage.reading_results import Tally, WaveRow
from storage.tables import survey_versions, waves
from storage.tx import Tx
from surveys.definition import Choice, Kind, Question, Survey
from surveys.tally import fold
from surveys.waves import Owner, WaveKind, WaveState
from tests.stores import run_apart, sample_survey
from tests.unit.every_kind import EVERY, somebody
from tests.web.house import House
from tests.web.test_officers_pages import enter
from vietnam.time import DAY, day_of
from web.console.results import FEWEST, Asked, channels, counted

T = TypeVar("T")
SURVEY = sample_survey()
WAVE = WaveRow(
    code="mau",
    title="Phiếu mẫu",
    version=1,
    number=1,
    kind="open",
    body=msgspec.json.encode(SURVEY).decode(),
    opens_at=0,
    closes_at=None,
)


def wave_of(survey: Survey) -> WaveRow:
    return msgspec.structs.replace(WAVE, body=msgspec.json.encode(survey).decode())


def one(question: Question, tally: Mapping[str, float], responses: int | None = None) -> Asked:
    """What is shown of a question whose answers were counted so."""
    asked = responses if responses is not None else int(sum(tally.values()))
    found = counted(
        wave_of(Survey(id="s", title="S", questions=(question,))), {"": {"n": max(asked, FEWEST)}, "q": dict(tally)}
    )
    return found.asked[0]


def percents(line: Asked) -> dict[str, float | None]:
    return {bar.id: bar.percent for bar in line.bars}


def figures(n: int) -> Mapping[str, Tally]:
    """What n people who all answered the same leave behind."""
    answers = {"chung": 4, "mot": "a", "nhieu": ("a", "b"), "so": 3, "gioi_thieu": 9, "co_khong": "yes", "gop_y": "x"}
    return fold(SURVEY, [answers] * n)  # type: ignore[list-item]  # plain values of JSON


@pytest.mark.parametrize("n", range(FEWEST))
def test_fewer_than_five_show_nothing_at_all(n: int) -> None:
    results = counted(WAVE, figures(n))
    assert results.n == 0
    assert all(line.hidden and line.n == 0 and not line.bars for line in results.asked)


def test_five_show_every_kind() -> None:
    results = counted(WAVE, figures(5))
    lines = {line.id: line for line in results.asked}
    assert results.n == 5
    assert results.overall is not None
    assert results.overall.top == 100
    assert percents(lines["mot"]) == {"a": 100, "b": 0}
    assert percents(lines["nhieu"]) == {"a": 100, "b": 100}
    assert lines["so"].mean == 3
    assert lines["gioi_thieu"].nps == 100
    assert percents(lines["gioi_thieu"]) == {"9-10": 100, "7-8": 0, "0-6": 0}
    assert percents(lines["co_khong"]) == {"yes": 100, "no": 0}
    assert lines["gop_y"].n == 5
    assert not results.withheld


def test_no_opinion_and_not_applicable_are_in_no_denominator() -> None:
    question = Question(id="q", kind=Kind.LIKERT5, text="?")
    line = one(question, {"5": 3, "1": 2, "0": 40, "9": 7, "-": 9})
    assert line.n == 5
    assert line.top == 60


def test_few_of_a_level_are_withheld_with_what_would_tell_of_them() -> None:
    line = one(Question(id="q", kind=Kind.LIKERT5, text="?"), {"1": 2, "2": 5, "3": 20, "4": 30, "5": 3})
    assert percents(line) == {"1": None, "2": None, "3": pytest.approx(100 / 3), "4": None, "5": None}
    assert line.top == pytest.approx(55)


def test_few_who_say_yes_are_withheld_with_those_who_say_no() -> None:
    line = one(Question(id="q", kind=Kind.YESNO, text="?"), {"yes": 3, "no": 50})
    assert (line.n, percents(line)) == (53, {"yes": None, "no": None})


counts = st.dictionaries(st.sampled_from(["0", "1", "2", "3", "4", "5", "9", "-"]), st.integers(0, 30))


@given(counts)
def test_shown_levels_are_of_nobody_or_of_five_and_what_they_leave_is_too(tally: dict[str, int]) -> None:
    line = one(Question(id="q", kind=Kind.LIKERT5, text="?"), tally)
    opinions = sum(tally.get(level, 0) for level in "12345")
    assert line.hidden == (opinions < FEWEST)
    if line.hidden:
        return
    assert line.top is not None
    assert 0 <= line.top <= 100.0001
    for block in ("123", "45"):
        shown = {id: percent for id, percent in percents(line).items() if id in block}
        people = [round(percent * opinions / 100) for percent in shown.values() if percent is not None]
        rest = sum(tally.get(level, 0) for level in block) - sum(people)
        assert not any(0 < n < FEWEST for n in people)
        # What the satisfaction alone tells of a block may be few; the levels shown must not narrow it down.
        assert rest == 0 or rest >= FEWEST or not any(people)


def test_a_choice_that_was_taken_out_of_the_file_breaks_nothing() -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=(Choice(id="a", text="A"),))
    assert percents(one(question, {"a": 5, "gone": 2})) == {"a": 100}


def test_small_channels_are_told_together() -> None:
    assert channels({"webchat": 30, "telegram": 12, "": 2}) == (("webchat", 30), ("", 14))
    assert channels({"webchat": 30, "telegram": 3}) == (("", 33),)
    assert channels({"webchat": 30, "telegram": 7}) == (("webchat", 30), ("telegram", 7))


@pytest.mark.parametrize("n", [0, 4, 6, 60])
@pytest.mark.parametrize("formula", ["top2", "mean"])
def test_every_kind_of_question_is_counted(n: int, formula: Any) -> None:
    random = Random(n)
    found = counted(wave_of(EVERY), fold(EVERY, [somebody(random) for _ in range(n)]), formula)
    lines = {line.kind: line for line in found.asked}
    if n < FEWEST:
        assert found.asked == ()
        return
    assert Kind.NOTE not in lines
    if n == 60:
        assert [line.kind for line in found.asked if line.hidden] == []
        for kind in (Kind.NUMBER, Kind.DECIMAL, Kind.RANGE, Kind.CALCULATED):
            assert lines[kind].mean is not None
        ranks = lines[Kind.RANK].ranks
        assert [mean for _text, mean in ranks] == sorted(mean for _text, mean in ranks)
        assert sum(mean for _text, mean in ranks) == pytest.approx(6)
        assert not lines[Kind.RANK].bars


# --- the page ---------------------------------------------------------------------------------------------------------


def open_wave(house: House, survey: Survey, **values: Any) -> int:
    """A wave of a survey in the house, of the version that stands there if there is one; its id."""

    def unit(tx: Tx) -> int:
        known = tx.execute(select(survey_versions.c.id).where(survey_versions.c.title == survey.title)).scalar()
        if known is None:
            known = new_id()
            body = msgspec.json.encode(survey).decode()
            mine = select(survey_versions.c.survey_id).where(survey_versions.c.id == house.commune.version)
            row = {"id": known, "unit_id": house.commune.commune, "survey_id": tx.execute(mine).scalar_one()}
            row |= {"number": new_id() % 1000 + 2, "title": survey.title, "body": body, "checksum": survey.title}
            tx.execute(insert(survey_versions).values(**row, published_at=house.at))
        id = new_id()
        row = {"id": id, "unit_id": house.commune.commune, "version_id": known, "kind": WaveKind.OPEN, "code": f"w{id}"}
        tx.execute(insert(waves).values(**(row | {"opens_at": house.at - 5 * DAY, "closes_at": None} | values)))
        return id

    return write(house, unit)


def write(house: House, unit: Callable[[Tx], T]) -> T:
    """A change of the store, from outside of every loop."""
    return run_apart(house.store.write(unit))


def answer(house: House, survey: Survey, wave: int, people: list[dict[str, Any]]) -> None:
    """People answered a wave, and what may be released is."""

    def unit(tx: Tx) -> None:
        for answers in people:
            responses.seal(
                tx,
                house.services.vault,
                survey=survey,
                wave=wave,
                unit=house.commune.commune,
                village=house.commune.villages[0],
                channel="webchat",
                answers=answers,
            )
        while responses.release(
            tx, house.services.vault, lambda _version: survey, day_of(house.at), Random(wave), chunk=1000
        ):
            pass

    write(house, unit)


def seen(client: TestClient) -> str:
    enter(client)
    page = client.get("/can-bo/khao-sat")
    assert page.status_code == 200
    return " ".join(page.text.split())


def levels(*numbers: int) -> list[dict[str, Any]]:
    return [{"q": level} for level, n in enumerate(numbers, start=1) for _ in range(n)]


PLAIN = Survey(
    id="don_gian", title="Phiếu đơn giản", questions=(Question(id="q", kind=Kind.LIKERT5, text="?", overall=True),)
)


def test_an_open_wave_is_told_as_voluntary_with_its_channels_and_marks(house: House, citizen: TestClient) -> None:
    answer(house, PLAIN, open_wave(house, PLAIN), levels(2, 5, 20, 30, 3))
    said = seen(citizen)
    assert "n = 60 (Trang web: 60). Ý kiến tự nguyện, không suy rộng cho toàn xã." in said
    assert "“…”: dưới 5 ý kiến hoặc có thể suy ra số dưới 5, không công bố." in said
    assert said.count(">…</span>") == 4
    assert "55,0%" in said


def test_waves_of_two_kinds_stand_apart(house: House, citizen: TestClient) -> None:
    answer(house, PLAIN, open_wave(house, PLAIN), levels(0, 0, 0, 10, 10))
    answer(house, PLAIN, open_wave(house, PLAIN, kind=WaveKind.INVITED), levels(0, 10, 0, 0, 0))
    said = seen(citizen)
    assert "<h2>Phiếu đơn giản</h2>" in said
    assert "<h2>Phiếu đơn giản (theo danh sách mời)</h2>" in said
    assert "n = 20 (Trang web: 20). Ý kiến tự nguyện" in said
    assert "n = 10 (Trang web: 10). Số liệu của những người được mời đã trả lời." in said


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sealed": 1}, "kết quả được giữ kín đến khi đóng đợt, hết ngày"),
        ({"owner": Owner.FRONT, "sealed": 1}, "Đợt của Mặt trận"),
        # However the row came to be: what the Front asks is its own until the end.
        ({"owner": Owner.FRONT, "sealed": 0}, "Đợt của Mặt trận"),
    ],
)
def test_what_is_sealed_until_the_close_is_a_sentence(
    house: House, citizen: TestClient, values: dict[str, Any], words: str
) -> None:
    wave = open_wave(house, PLAIN, closes_at=house.at + DAY, **values)
    answer(house, PLAIN, wave, levels(0, 0, 0, 10, 10))
    said = seen(citizen)
    assert words in said
    assert "n = 20" not in said
    assert "100,0%" not in said
    # when it is closed and what was sealed is released
    write(house, lambda tx: tx.execute(update(waves).where(waves.c.id == wave).values(state=WaveState.CLOSED)).rowcount)
    house.at += 2 * DAY
    write(
        house,
        lambda tx: responses.close_wave(
            tx, house.services.vault, wave, lambda _version: PLAIN, day_of(house.at), Random(2)
        ),
    )
    said = seen(citizen)
    assert words not in said
    assert "<h2>Đã đóng</h2>" in said
    assert "n = 20" in said


def test_a_sealed_wave_beside_one_that_is_not_adds_nothing(house: House, citizen: TestClient) -> None:
    answer(house, PLAIN, open_wave(house, PLAIN), levels(0, 0, 0, 10, 0))
    answer(house, PLAIN, open_wave(house, PLAIN, sealed=1), levels(10, 0, 0, 0, 0))
    said = seen(citizen)
    assert "được giữ kín đến khi đóng đợt." in said
    assert "n = 10 (" in said
    assert "100,0%" in said


def test_the_page_shows_every_kind(house: House, citizen: TestClient) -> None:
    random = Random(3)
    answer(house, EVERY, open_wave(house, EVERY), [somebody(random) for _ in range(60)])
    said = seen(citizen)
    for question in EVERY.questions:
        assert question.kind is Kind.NOTE or question.text in said, question.kind
    assert said.count("Cán bộ tiếp Ông/Bà ra sao?") == 1
    for words in ("người ghi ngày", "người gửi vị trí", "người xác nhận đã đọc", "Thứ hạng trung bình"):
        assert words in said
