"""One event, one transaction: seen once, refused at most three times, saved only when everything was accepted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from string import Formatter

import pytest

from bot.conversation.effects import BookSeat, CancelSeat, CorrectSeat, FetchMedia, GiveConsent, MoveSeat, Submit
from bot.conversation.messages import Bubble, Inbound, Own, Wants
from bot.conversation.state import State, dump, load
from bot.ledger import Refused
from bot.turn import MAX_TRIES, TooManyRefusals, take_turn
from feedback.acts import Decision, Open
from feedback.office import Office
from feedback.rights import Right
from feedback.roles import Actor
from surveys.ready import ready
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk


@dataclass
class MemoryChat:
    """See bot.ledger.Chat; `refusals` are raised one after the other by what can be refused."""

    own_desk: MemoryDesk = field(default_factory=MemoryDesk)
    stored: bytes | None = None
    refusals: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    said: list[tuple[str, int]] = field(default_factory=list)
    own: list[tuple[str, int]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    submitted: list[Submit] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    gone_why: str = ""
    id: int = 1
    unit: int = 1
    shows_own_words: bool = True
    only_typed: bool = False
    only_by_hand: bool = False
    lacks: Wants = ""
    """What this channel cannot bring."""
    links: list[str] = field(default_factory=list)

    def page_for(self, wants: Wants, nonce: int) -> str:
        return f"https://xa.vn/them/{wants}-{nonce}" if self.lacks == wants else ""

    def thread_page(self, case: int, wants: Wants) -> str:
        raise NotImplementedError

    def state(self) -> bytes | None:
        return self.stored

    @property
    def office(self) -> Office:
        return Office()

    def desk(self) -> MemoryDesk:
        return self.own_desk

    def first_time(self, inbound: Inbound) -> bool:
        first = inbound.dedupe_key not in self.seen
        self.seen.add(inbound.dedupe_key)
        return first

    @contextmanager
    def trial(self) -> Iterator[None]:
        before = (list(self.said), list(self.own), list(self.erased))
        try:
            yield
        except Refused:
            self.said, self.own, self.erased = before
            raise

    def say(self, bubble: Bubble, topic: int, *, notice: bool = False, long: bool = False, case: int = 0) -> int:
        self.said.append((bubble.text, topic))
        if bubble.link:
            self.links.append(f"{bubble.link_label}: {bubble.link}")
        return len(self.said)

    def keep_own(self, own: Own, topic: int, *, long: bool = False) -> None:
        self.own.append((own.text, topic))

    def submit(self, submit: Submit) -> None:
        self._refuse()
        self.submitted.append(submit)

    def open_case(self, act: Open, decision: Decision, actor: Actor) -> None:
        self.codes.append(act.code)
        self._refuse()

    def _refuse(self) -> None:
        if self.refusals:
            raise Refused(self.refusals.pop(0))

    def book(self, code: str) -> None:
        raise AssertionError

    def consent(self, consent: GiveConsent) -> None: ...

    def fetch_media(self, wanted: FetchMedia) -> None: ...

    def drop_media(self, ids: tuple[int, ...]) -> None: ...

    def follow(self, case: int) -> None:
        self._refuse()

    def unfollow(self, case: int) -> None: ...

    def set_opt_out(self, *, out: bool) -> None: ...

    def set_language(self, language: str) -> None: ...

    def came(self, code: str, place: str) -> None: ...

    def wrong_code(self) -> None:
        raise AssertionError

    def offer_join(self, code: str) -> None: ...

    def join(self, code: str, told: Bubble) -> None: ...

    def seat(self, effect: BookSeat | CancelSeat | CorrectSeat | MoveSeat) -> None: ...

    def subscribe(self, village: int) -> None: ...

    def use_right(self, right: Right, note: str) -> None:
        raise NotImplementedError

    def part(self) -> None: ...

    def erase(self, topic: int) -> None:
        self.erased.append(topic)

    def gone(self, why: str) -> None:
        self.gone_why = why

    def save(self, state: bytes | None, expires_at: int | None = None) -> None:
        self.stored = state


def text(said: str, key: str = "1") -> Inbound:
    return Inbound(channel="webchat", channel_account=1, dedupe_key=key, person="p", kind="text", at=NOW, text=said)


def at_review() -> MemoryChat:
    return MemoryChat(stored=dump(Citizen(MemoryDesk()).at_review().state))


def at_the_end_of_a_survey() -> MemoryChat:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    citizen.says("4", "4", "Thêm ghế ngồi.")
    return MemoryChat(own_desk=citizen.desk, stored=dump(citizen.state))


def test_a_code_taken_twice_is_drawn_a_third_time_and_only_the_last_is_said() -> None:
    chat = at_review()
    chat.refusals = ["code.taken", "code.taken"]

    assert take_turn(chat, text("gửi"), WORDING)

    assert len(set(chat.codes)) == MAX_TRIES
    told = "\n".join(said for said, _topic in chat.said)
    assert [code for code in chat.codes if code in told] == chat.codes[-1:]
    assert load(chat.stored).dialogue is None


def test_three_refusals_give_the_turn_up_and_save_nothing() -> None:
    chat = at_review()
    before = chat.stored
    chat.refusals = ["code.taken"] * MAX_TRIES

    with pytest.raises(TooManyRefusals, match=r"code\.taken"):
        take_turn(chat, text("gửi"), WORDING)

    assert (chat.stored, chat.said, chat.own) == (before, [], [])


@pytest.mark.parametrize("refusal", ["wave.closed", "wave.took_part"])
def test_a_refused_submission_erases_the_words_all_the_same(refusal: str) -> None:
    chat = at_the_end_of_a_survey()
    chat.refusals = [refusal]

    take_turn(chat, text("mai"), WORDING)

    assert (chat.submitted, chat.erased) == ([], [1])
    assert "ngồi" not in (chat.stored or b"").decode()


def test_the_last_word_of_a_survey_is_kept_and_erased_with_the_others() -> None:
    chat = at_the_end_of_a_survey()
    take_turn(chat, text("mai"), WORDING)
    assert chat.own == [("mai", 1)]
    assert chat.erased == [1]
    assert len(chat.submitted) == 1


def test_an_event_that_was_seen_is_answered_once() -> None:
    chat = MemoryChat()
    assert take_turn(chat, text("xin chào"), WORDING)
    assert not take_turn(chat, text("xin chào"), WORDING)
    assert len(chat.said) == 1


def test_who_has_gone_is_remembered_as_gone_and_keeps_the_state() -> None:
    chat = MemoryChat(stored=dump(State(greeted=True)))
    before = chat.stored
    gone = Inbound(channel="telegram", channel_account=1, dedupe_key="1", person="p", kind="gone", at=NOW)
    assert take_turn(chat, gone, WORDING)
    assert (chat.gone_why, chat.stored, chat.said) == ("blocked", before, [])


def test_a_question_for_what_the_channel_cannot_bring_comes_with_a_page_of_its_own() -> None:
    chat = MemoryChat(lacks="scene")
    take_turn(chat, text("Đèn đường thôn Nà Sèn hỏng đã ba hôm"), WORDING)
    for key, said in enumerate(("1", "1"), start=2):
        take_turn(chat, text(said, str(key)), WORDING)
    nonce = load(chat.stored).nonce
    assert chat.links == [f"Chỉ vị trí, gửi ảnh trên trang của xã: https://xa.vn/them/scene-{nonce}"]


def test_where_there_are_no_buttons_nobody_is_asked_to_touch_one() -> None:
    for only_typed in (False, True):
        chat = MemoryChat(only_typed=only_typed)
        take_turn(chat, text("xin chào"), WORDING)
        assert ("chạm" in chat.said[0][0]) is not only_typed


def test_words_for_typing_ask_for_nothing_to_be_touched_and_have_the_same_places() -> None:
    texts = WORDING.texts
    typed = {key: text for key, text in texts.items() if key.endswith(".typed")}
    assert typed
    for key, said in typed.items():
        assert "chạm" not in said.lower()
        assert "nút" not in said.lower()
        base = texts[key.removesuffix(".typed")]
        assert {part for _, part, _, _ in Formatter().parse(said)} == {
            part for _, part, _, _ in Formatter().parse(base)
        }
    # Only these are said where there is something to touch: by Telegram, and beside the form of Zalo.
    elsewhere = ("keyboard.", "group.", "zalo_oa.")
    left = {key for key, said in texts.items() if "chạm" in said.lower() and not key.startswith(elsewhere)}
    assert {f"{key}.typed" for key in left} <= set(typed)


def test_what_a_page_of_an_earlier_question_brings_is_no_answer_to_this_one() -> None:
    chat = at_review()
    nonce = load(chat.stored).nonce
    late = Inbound(
        channel="zalo_bot",
        channel_account=1,
        dedupe_key="1",
        person="p",
        kind="text",
        at=NOW,
        text="gửi",
        nonce=nonce - 1,
    )
    take_turn(chat, late, WORDING)
    assert chat.codes == []
    assert chat.said[0][0].startswith("Câu đó đã qua.")


def test_who_is_kept_from_us_by_the_platform_is_shown_another_way_to_be_heard() -> None:
    chat = MemoryChat(lacks="web")
    hidden = Inbound(channel="zalo_bot", channel_account=1, dedupe_key="1", person="p", kind="unseen", at=NOW)
    take_turn(chat, hidden, WORDING)
    assert "chưa đọc được" in chat.said[0][0]
    assert "0205 000 0000" in chat.said[0][0]
    assert [link.partition(":")[0] for link in chat.links] == ["Mở trang của xã"]
