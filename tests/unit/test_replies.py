"""Answers by parts: what must be there for what is concluded, how it reads, and who signs."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kinds import Kind
from feedback.replies import (
    MAX_EVIDENCE,
    MAX_PART,
    PLAIN,
    Draft,
    Outcome,
    Parts,
    fault,
    needs_signature,
    own_words,
    trimmed,
    unknown_names,
    worded,
)
from tests.unit.desk import WORDING

TODAY = date(2026, 10, 3)


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        (PLAIN, ""),
        (Parts(outcome=Outcome.NOT_OURS), ""),
        (Parts(outcome=Outcome.RESOLVED), "answer.done_missing"),
        (Parts(outcome=Outcome.RESOLVED, done="Thay bóng."), ""),
        (Parts(outcome=Outcome.RESOLVED, done="Thay bóng.", day=TODAY), ""),
        (Parts(outcome=Outcome.RESOLVED, done="Thay bóng.", day=TODAY + timedelta(1)), "answer.day_ahead"),
        (Parts(outcome=Outcome.RESOLVED, done="Thay bóng.", day=date(1926, 10, 3)), "answer.day_far"),
        (Parts(outcome=Outcome.UNFOUNDED), "answer.checked_missing"),
        (Parts(outcome=Outcome.PROMISED), "answer.day_missing"),
        (Parts(outcome=Outcome.PROMISED, day=TODAY), ""),
        (Parts(outcome=Outcome.PROMISED, day=TODAY - timedelta(1)), "answer.day_past"),
        (Parts(outcome=Outcome.PROMISED, day=date(2062, 10, 3)), "answer.day_far"),
        (Parts(done="a" * (MAX_PART + 1)), "answer.done_long"),
        (Parts(person="a" * 121), "answer.person_long"),
        (Parts(photos=tuple(range(MAX_EVIDENCE + 1))), "act.too_many_photos"),
    ],
)
def test_what_is_concluded_says_what_else_must_be_there(parts: Parts, missing: str) -> None:
    assert fault(parts, TODAY) == missing
    assert not missing or WORDING(missing)


def test_only_the_words_are_sent_where_there_is_nothing_else() -> None:
    assert worded("Đã thay bóng.", PLAIN, WORDING) == "Đã thay bóng."


def test_the_parts_stand_each_on_a_line_of_its_own() -> None:
    parts = Parts(outcome=Outcome.RESOLVED, done="Thay bóng.", day=TODAY, person="Ông Mẫu", photos=(1,))
    assert worded("Đèn đã sáng.", parts, WORDING) == (
        "Kết luận: việc đã được giải quyết.\n\nĐèn đã sáng.\n\n"
        "Việc đã làm: Thay bóng.\nNgày làm xong: 03/10/2026\nNgười chịu trách nhiệm: Ông Mẫu"
    )
    promised = msgspec.structs.replace(parts, outcome=Outcome.PROMISED)
    assert "Xong chậm nhất ngày: 03/10/2026" in worded("Sẽ lắp.", promised, WORDING)
    assert "Đã kiểm tra: Thay bóng." in worded(".", msgspec.structs.replace(parts, outcome=Outcome.UNFOUNDED), WORDING)


_parts = st.builds(
    Parts,
    outcome=st.sampled_from(Outcome),
    done=st.text(max_size=20),
    day=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    person=st.text(max_size=20),
    photos=st.lists(st.integers(1, 1 << 62), max_size=5).map(tuple),
)


@given(st.text(min_size=1, max_size=40), _parts)
def test_not_a_word_of_the_officer_is_lost_or_changed(text: str, parts: Parts) -> None:
    said = worded(text, parts, WORDING)
    assert text in said
    assert parts.done in said
    assert parts.person in said
    assert own_words(said, parts, WORDING) == text
    assert msgspec.json.decode(msgspec.json.encode(parts), type=Parts) == parts
    draft = Draft(text=text, parts=trimmed(parts), by=1, at=2)
    assert msgspec.json.decode(msgspec.json.encode(draft), type=Draft) == draft


def test_kinds_and_fields_are_signed_and_nothing_else_can_be_named() -> None:
    sign_off = ("petition", "conduct")
    assert needs_signature(Kind.PETITION, "land", sign_off)
    assert needs_signature(Kind.FEEDBACK, "conduct", sign_off)
    assert not needs_signature(Kind.FEEDBACK, "roads", sign_off)
    assert not needs_signature(Kind.PETITION, "conduct", ())
    assert unknown_names(("petition", "roads", "weather", "")) == ["weather", ""]
