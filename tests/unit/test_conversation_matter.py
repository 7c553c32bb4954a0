"""A khiếu nại, a tố cáo and what others settle: asked about gently, explained, and nothing kept of it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.effects import DropMedia, EraseTopic
from bot.conversation.matter import named
from bot.conversation.messages import InboundKind, Media, Place
from bot.conversation.state import State, dump
from bot.turn import worded
from feedback.complaints import Matter
from feedback.kinds import Kind
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk, texts_of
from vietnam.text import fold, fold_words

BRIBE = "Cán bộ địa chính nhận hối lộ năm triệu của nhà tôi."
TAKEN = "Tôi muốn khiếu nại quyết định thu hồi đất của nhà tôi."
CHAIRMAN = "Chủ tịch xã nhận hối lộ của công ty làm đường."
ELSEWHERE = {
    Matter.CRIME: "Đầu xóm có tụ điểm ma túy, người lạ ra vào.",
    Matter.LAND_DISPUTE: "Hàng xóm lấn đất nhà tôi hai mét.",
    Matter.MEDIATION: "Xin hòa giải cho nhà tôi với hàng xóm.",
    Matter.RULES: "Kiến nghị sửa đổi nghị định về thủ tục đất đai.",
}
ASKED = {
    BRIBE: Matter.DENUNCIATION,
    TAKEN: Matter.COMPLAINT,
    CHAIRMAN: Matter.ABOUT_CHAIRMAN,
    **{text: matter for matter, text in ELSEWHERE.items()},
}
NEVER_TAKEN = [BRIBE, TAKEN, CHAIRMAN]
TEXTS = texts_of("bot/locale/vi/LC_MESSAGES/bot.po")
ORDINARY = Path(__file__).parent / "phrasings/feedback/complaints.toml"


def told(text: str) -> Citizen:
    """Somebody who simply writes."""
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say(text)
    return citizen


def left_of(citizen: Citizen) -> str:
    """Everything that is remembered of a conversation, folded."""
    return fold(dump(citizen.state).decode())


# --- asked ---


@pytest.mark.parametrize(("text", "matter"), ASKED.items())
def test_whoever_writes_such_a_thing_is_asked(text: str, matter: Matter) -> None:
    citizen = told(text)
    assert {f"matter.ask.{matter}", f"matter.guide.{matter}"} & citizen.keys
    assert len([option for option in citizen.options if option.digit]) == 2


def test_an_ordinary_report_is_asked_nothing_more() -> None:
    table: dict[str, Any] = tomllib.loads(ORDINARY.read_text("utf-8"))
    for text in table["ordinary"]["typed"]:
        citizen = Citizen(MemoryDesk())
        citizen.press_id("go:feedback")
        citizen.says("1", text)
        assert not [key for key in citizen.keys if key.startswith("matter.")], text


def test_it_is_asked_when_the_text_is_heard_within_a_case() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.press_id("go:petition")
    citizen.says("1", BRIBE)
    assert "matter.ask.denunciation" in citizen.keys


def test_it_is_asked_of_the_words_below_a_picture() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.photo(blob=7, text=BRIBE)
    assert "matter.ask.denunciation" in citizen.keys
    citizen.say("có")
    assert DropMedia(blobs=(7,)) in citizen.effects


@pytest.mark.parametrize("kind", ["photo", "voice", "location"])
@pytest.mark.parametrize("text", [BRIBE, TAKEN, CHAIRMAN, ELSEWHERE[Matter.CRIME]])
def test_what_comes_while_it_is_asked_is_not_said_to_go_along(text: str, kind: InboundKind) -> None:
    citizen = told(text)
    media = () if kind == "location" else (Media(blob=7),)
    citizen.send(kind, media=media, place=Place(lat=21.6, lon=106.5) if kind == "location" else None)
    assert "matter.held" in citizen.keys
    assert not {"draft.photo_noted", "draft.place_noted", "draft.voice_noted"} & citizen.keys


def test_a_picture_whose_words_are_such_a_thing_is_not_said_to_go_along() -> None:
    citizen = Citizen(MemoryDesk()).at_review(text="Cán bộ địa chính")
    citizen.photo(blob=9, text="nhận hối lộ của dân")
    assert {"matter.held", "matter.ask.denunciation"} <= citizen.keys
    assert "draft.photo_noted" not in citizen.keys


@pytest.mark.parametrize("text", NEVER_TAKEN)
def test_what_to_do_stands_before_what_is_good_to_know(text: str) -> None:
    citizen = told(text)
    citizen.say("1")
    said = citizen.messages[0].parts
    order = [part.key for part in said if part.key.startswith(("matter.", "help."))]
    form = order.index("matter.print")
    assert order[0] == f"matter.what.{ASKED[text]}"
    assert all(order.index(key) > form for key in order if key.startswith(("matter.form_of", "matter.time")))
    assert order[-1] == "matter.erased"
    assert len(worded(citizen.messages[0], WORDING).text) < 1000


def test_it_is_asked_again_of_what_was_edited_at_the_review() -> None:
    citizen = Citizen(MemoryDesk()).at_review(text="Đèn đường hỏng.")
    citizen.press("Sửa")
    citizen.press("Nội dung")
    citizen.say(BRIBE)
    assert "matter.ask.denunciation" in citizen.keys
    citizen.say("không")
    assert "draft.review" in citizen.keys


def test_words_below_a_picture_at_the_review_are_read_with_the_rest() -> None:
    citizen = Citizen(MemoryDesk()).at_review(text="Cán bộ địa chính")
    citizen.photo(blob=9, text="nhận hối lộ của dân")
    assert "matter.ask.denunciation" in citizen.keys, "two lines that mean it only together"


def test_whoever_asks_to_be_received_is_asked_as_everybody_and_not_sent_elsewhere() -> None:
    asked = []
    for text in ("Hàng xóm lấn đất nhà tôi.", "Tôi không đồng ý với quyết định.", BRIBE):
        citizen = Citizen(MemoryDesk())
        citizen.press_id(f"go:{Kind.DIALOGUE}")
        citizen.says("1", text)
        asked.append(any(key.startswith("matter.") for key in citizen.keys))
    assert asked == [False, True, True]


# --- yes ---


YES = ["1", "có", "phải", "vâng", "đúng rồi", "Phải ạ", "dạ vâng", "co"]


@pytest.mark.parametrize("said", YES)
@pytest.mark.parametrize("text", NEVER_TAKEN)
def test_yes_explains_and_keeps_nothing(text: str, said: str) -> None:
    citizen = told(text)
    topic = citizen.draft.topic

    citizen.say(said)

    assert {"matter.erased", f"matter.what.{ASKED[text]}", "matter.print", "menu.title"} <= citizen.keys
    assert EraseTopic(topic=topic) in citizen.effects
    assert citizen.opened == []
    assert (citizen.state.dialogue, citizen.state.kept) == (None, None)
    assert not [word for word in re.findall(r"\w{5,}", fold(text)) if word in left_of(citizen)]


@pytest.mark.parametrize("said", ["tôi muốn tố cáo", "tố cáo", "Phải, tôi muốn tố cáo", "to cao can bo"])
def test_naming_it_is_a_yes(said: str) -> None:
    citizen = told(BRIBE)
    citizen.say(said)
    assert "matter.what.denunciation" in citizen.keys


def test_everything_said_before_is_of_the_topic_that_is_erased() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    topics = set()
    for text in ("Cán bộ địa chính gây khó khi làm sổ đỏ.", "1", "1", "không có", "mai"):
        citizen.say(text)
        topics |= {say.topic for say in citizen.messages}
    assert "draft.review" in citizen.keys
    assert topics == {citizen.draft.topic}, "the review repeats what was written"


def test_the_explanation_says_where_until_when_and_with_what() -> None:
    citizen = told(TAKEN)
    heard = citizen.say("1")
    for word in ("trụ sở UBND xã Mẫu", "90 ngày", "45 ngày", "chữ ký", "/mau-don/khieu-nai", "0205 000 0000 (ông Mẫu)"):
        assert word in heard


def test_the_head_of_the_commune_is_not_judged_by_the_commune() -> None:
    heard = told(CHAIRMAN).say("1")
    assert "Thanh tra tỉnh Mẫu" in heard
    assert "/mau-don/to-cao?gui=tinh" in heard
    assert "trụ sở UBND xã" not in heard
    assert "0205 000 0000" not in heard, "nor is its telephone the one to call"


# --- no ---


@pytest.mark.parametrize("said", ["2", "không", "ko", "Không, tôi chỉ phản ánh", "không phải", "khong to cao", "chưa"])
def test_no_goes_on_as_an_ordinary_case(said: str) -> None:
    citizen = told(BRIBE)
    citizen.say(said)
    assert "draft.ask.kind_of_text" in citizen.keys
    assert citizen.draft.text == BRIBE


def test_after_a_no_it_is_never_asked_again_and_the_officer_is_told_what_it_looks_like() -> None:
    citizen = told(BRIBE)
    seen = list[str]()
    for said in ("không", "1", "1", "không có", "mai", "gửi"):
        citizen.say(said)
        seen += citizen.keys
    assert not [key for key in seen if key.startswith("matter.")]
    (act,) = citizen.opened
    assert act.matter == "denunciation"


def test_what_was_not_sure_is_no_hint() -> None:
    citizen = Citizen(MemoryDesk()).at_review(text="Rác thải không ai thu gom.")
    citizen.say("gửi")
    assert citizen.opened[0].matter == ""


def test_after_a_no_another_matter_is_still_asked() -> None:
    citizen = told(TAKEN)
    citizen.says("không", "1", "1", "không có", "mai")
    citizen.press("Sửa")
    citizen.press("Nội dung")
    citizen.say(BRIBE)
    assert "matter.ask.denunciation" in citizen.keys


@pytest.mark.parametrize("said", ["ờ thì", "3", "Nhà tôi ở cuối thôn, đường đất."])
def test_what_is_neither_is_asked_again(said: str) -> None:
    citizen = told(BRIBE)
    citizen.say(said)
    assert {"nav.not_understood", "matter.ask.denunciation"} <= citizen.keys


# --- elsewhere ---


@pytest.mark.parametrize("text", ELSEWHERE.values())
def test_what_others_settle_may_still_be_sent(text: str) -> None:
    citizen = told(text)
    citizen.say("1")
    assert "draft.ask.kind_of_text" in citizen.keys
    assert citizen.draft.text == text


@pytest.mark.parametrize("said", ["2", "không gửi nữa", "/huy", "Không gửi nữa"])
def test_or_left_and_then_nothing_stays(said: str) -> None:
    citizen = told(ELSEWHERE[Matter.CRIME])
    topic = citizen.draft.topic
    citizen.say(said)
    assert EraseTopic(topic=topic) in citizen.effects
    assert "ma tuy" not in left_of(citizen)


# --- ways out ---


def test_back_leads_to_the_words_which_may_be_written_anew() -> None:
    citizen = told(BRIBE)
    citizen.say("quay lại")
    assert citizen.draft.step == "text"
    citizen.say("Đèn đường hỏng.")
    assert citizen.draft.text == "Đèn đường hỏng."
    assert "draft.ask.kind_of_text" in citizen.keys


def test_whoever_goes_elsewhere_comes_back_to_the_question() -> None:
    citizen = told(BRIBE)
    citizen.say("menu")
    citizen.press("Viết tiếp nội dung chưa gửi")
    assert "matter.ask.denunciation" in citizen.keys
    citizen.say("1")
    assert citizen.state.kept is None
    assert "nhận hối lộ" not in dump(citizen.state).decode()


def test_what_was_denied_and_then_dropped_leaves_nothing_either() -> None:
    citizen = told(BRIBE)
    citizen.says("không", "1", "1", "không có", "mai")
    topic = citizen.draft.topic
    citizen.press("Không gửi nữa")
    assert EraseTopic(topic=topic) in citizen.effects


def test_a_case_begun_before_its_words_had_a_topic_erases_nothing_else() -> None:
    citizen = told(BRIBE)
    citizen.draft.topic = 0
    citizen.say("1")
    assert citizen.erased == []


def test_a_state_of_before_still_opens() -> None:
    state = State(nonce=3)
    assert b"weighed" not in dump(state)


# --- by name ---


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("tôi muốn tố cáo", "denunciation"),
        ("Tố cáo", "denunciation"),
        ("tố cáo cán bộ", "denunciation"),
        ("làm đơn tố cáo thế nào", "denunciation"),
        ("khiếu nại", "complaint"),
        ("tôi muốn khiếu nại thì làm thế nào", "complaint"),
        ("mẫu đơn khiếu nại ở đâu", "complaint"),
        ("cho hỏi thủ tục khiếu nại", "complaint"),
        ("khiếu nại, tố cáo", "which"),
        ("tôi tố cáo ông A nhận tiền", ""),
        ("kiến nghị", ""),
        ("không khiếu nại", ""),
        ("", ""),
    ],
)
def test_what_somebody_wants_to_do_is_understood_by_its_name(said: str, wanted: str) -> None:
    assert str(named(fold_words(said))) == wanted


@pytest.mark.parametrize("said", ["tôi muốn tố cáo", "khiếu nại"])
def test_at_the_menu_it_is_explained_at_once(said: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say(said)
    assert {"matter.print", "menu.title"} <= citizen.keys
    assert citizen.state.dialogue is None


def test_at_the_question_of_the_kind_as_well_and_what_was_written_waits() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say("Đường vào thôn lầy lội quá.")
    citizen.say("tôi muốn tố cáo")
    assert "matter.what.denunciation" in citizen.keys
    assert citizen.state.kept is not None


@pytest.mark.parametrize("said", ["5", "khiếu nại tố cáo", "Khiếu nại, tố cáo"])
def test_the_list_of_rarer_kinds_leads_there(said: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.press_id("go:more")
    assert "Khiếu nại, tố cáo" in citizen.labels
    citizen.say(said)
    assert "matter.which" in citizen.keys


def test_both_together_are_asked_apart() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say("khiếu nại, tố cáo")
    assert "matter.which" in citizen.keys
    citizen.press("Cách tố cáo")
    assert "matter.what.denunciation" in citizen.keys


# --- words ---


def test_nothing_is_ever_said_to_have_been_taken_up() -> None:
    for key, text in TEXTS.items():
        if not key.startswith("register."):  # what officers keep of a đơn on paper
            assert "thụ lý" not in text.lower(), key


def test_what_is_asked_and_explained_is_short_enough_to_be_read() -> None:
    for key, text in TEXTS.items():
        if key.startswith("matter."):
            assert len(text) <= 330, key
            assert not {"bạn", "khách"} & set(re.findall(r"\w+", text.lower())), key


@given(st.text(max_size=60))
def test_any_answer_is_answered(text: str) -> None:
    citizen = told(BRIBE)
    citizen.say(text)
    assert citizen.messages or not text.strip()


@given(st.sampled_from(sorted(ASKED)), st.text(alphabet="12có không phảiạ ", min_size=1, max_size=8))
def test_either_it_is_kept_as_a_case_or_nothing_is(text: str, said: str) -> None:
    citizen = told(text)
    citizen.at = NOW + 60_000
    citizen.say(said)
    kept = fold(text)[:20] in left_of(citizen)
    assert kept == (citizen.state.dialogue is not None or citizen.state.kept is not None)
