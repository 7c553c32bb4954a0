"""The menu, looking up, and the stored state: where every conversation begins, and comes back to."""

from pathlib import Path

import msgspec
import pytest

from bot.conversation.state import Answering, Drafting, State, UnknownState, dump, load
from feedback.codes import make_code
from feedback.kinds import Kind
from feedback.states import State as CaseState
from surveys.ready import ready
from tests.unit.desk import NOW, Citizen, MemoryDesk

STATES = Path(__file__).parent / "states"


def at_the_menu(**desk: object) -> Citizen:
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]  # keywords by name
    citizen.start()
    return citizen


def with_a_case(reply: str = "") -> tuple[Citizen, str]:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.say("gửi")
    code = citizen.desk.own[0]
    if reply:
        answered = {"state": CaseState.ANSWERED, "answered_at": NOW, "reply": reply}
        citizen.desk.cases[code] = msgspec.structs.replace(citizen.desk.cases[code], **answered)
    return citizen, code


# --- first words and the menu ---


def test_the_notice_of_purpose_is_said_once_whatever_comes_first() -> None:
    citizen = Citizen(MemoryDesk())
    assert "https://nghedan.example/mau/rieng-tu" in citizen.say("xin chào")
    assert "greeting" not in keys(citizen, "xin chào")


@pytest.mark.parametrize("said", ["xin chào", "alo", "Chào xã", "quay lại", "/bo_qua", "menu", "/start", "/huy"])
def test_a_greeting_or_a_way_back_at_the_menu_is_no_misunderstanding(said: str) -> None:
    citizen = at_the_menu()
    assert keys(citizen, said) >= {"menu.title"}
    assert "nav.not_understood" not in citizen.keys


def keys(citizen: Citizen, said: str) -> set[str]:
    citizen.say(said)
    return citizen.keys


def test_thanks_are_answered() -> None:
    assert {"menu.thanked", "menu.title"} <= keys(at_the_menu(), "Cảm ơn xã!")


@pytest.mark.parametrize("said", ["abc", "99", "", "🙂", "?"])
def test_what_is_not_understood_is_answered_with_the_menu(said: str) -> None:
    assert {"nav.not_understood", "menu.title"} <= keys(at_the_menu(), said)


@pytest.mark.parametrize("kind", ["contact", "voice", "unsupported"])
def test_what_cannot_be_read_is_said(kind: str) -> None:
    citizen = at_the_menu()
    citizen.send(kind)  # type: ignore[arg-type]
    assert {"nav.cannot_read", "menu.title"} <= citizen.keys


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("1", Kind.FEEDBACK),
        ("phan anh", Kind.FEEDBACK),
        ("GỬI PHẢN ÁNH", Kind.FEEDBACK),
        ("chọn số 2 ạ", Kind.PETITION),
        ("hai", Kind.PETITION),
        ("kiến nghị", Kind.PETITION),
        ("gặp lãnh đạo", Kind.DIALOGUE),
        ("đối thoại", Kind.DIALOGUE),
    ],
)
def test_a_line_of_the_menu_is_understood_in_many_forms(said: str, kind: Kind) -> None:
    citizen = at_the_menu()
    citizen.say(said)
    assert citizen.draft.kind is kind


def test_help_names_the_telephone_only_where_there_is_one() -> None:
    assert "help.phone_person" in keys(at_the_menu(), "trợ giúp")
    assert "help.phone" in keys(at_the_menu(contact=""), "trợ giúp")
    assert not {"help.phone", "help.phone_person"} & keys(at_the_menu(phone=""), "trợ giúp")


@pytest.mark.parametrize("id", ["go:feedback", "go:track", "go:help", "go:privacy", "go:menu", "go:stop", "go:kept"])
@pytest.mark.parametrize("place", ["menu", "survey", "village", "draft", "review", "tracking"])
def test_what_holds_at_any_time_is_taken_everywhere(id: str, place: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    match place:
        case "survey" | "village":
            citizen.start("ks_sau_thu_tuc")
            if place == "village":
                citizen.says("4", "4", "bỏ qua")
        case "draft" | "review":
            citizen.at_review()
            if place == "draft":
                citizen.says("sửa", "nội dung")
        case "tracking":
            citizen.say("/tra_cuu")
        case _:
            citizen.start()

    citizen.press_id(id)

    assert citizen.options
    assert "nav.past" not in citizen.keys
    if id == "go:feedback":
        assert citizen.draft.step == "category"


def test_a_start_in_the_middle_asks_the_open_question_again() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.start()
    assert {"nav.where_you_were", "draft.review"} <= citizen.keys


def test_a_poster_in_the_middle_of_a_case_opens_its_survey_and_keeps_the_case() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    assert citizen.doing.at == "chung"
    assert "draft.kept" in citizen.keys
    assert citizen.state.kept is not None


# --- looking up ---


def test_own_cases_are_shown_without_a_code_and_their_answers_by_one_touch() -> None:
    citizen, code = with_a_case(reply="Đã thay bóng đèn.")
    citizen.say("tra cứu")
    assert {"track.own", "track.answered", "track.ask_other"} <= citizen.keys
    citizen.press(code)
    assert "Đã thay bóng đèn." in citizen.heard
    assert citizen.state.dialogue is None


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{bare}", "mã {code}", "cho hỏi {code} ạ", "{spaced}"])
@pytest.mark.parametrize("first", ["/tra_cuu", "menu"])
def test_a_code_is_read_as_people_type_it(typed: str, first: str) -> None:
    citizen, code = with_a_case()
    forms = {"code": code, "lower": code.lower(), "bare": code.replace("-", ""), "spaced": code.replace("-", " ")}
    citizen.says(first, typed.format(**forms))
    assert "track.line" in citizen.keys
    assert code in citizen.heard


@pytest.mark.parametrize("first", ["/tra_cuu", "menu"])
def test_a_mistyped_code_is_asked_again(first: str) -> None:
    citizen, code = with_a_case()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    citizen.says(first, wrong)
    assert "track.mistyped" in citizen.keys
    assert "track.line" in keys(citizen, code)


def test_a_code_of_nothing_is_said() -> None:
    assert "track.unknown" in keys(at_the_menu(), make_code("M", 2026, 7))


@pytest.mark.parametrize("said", ["xin chào", "1", "abc", "?"])
def test_no_code_is_asked_again(said: str) -> None:
    citizen = at_the_menu()
    citizen.says("/tra_cuu", said)
    assert {"track.no_code", "track.ask"} <= citizen.keys


def test_whoever_writes_his_trouble_where_a_code_is_asked_is_heard() -> None:
    citizen = at_the_menu()
    citizen.says("/tra_cuu", "Từ năm 2026 đến nay đường vào thôn chưa ai sửa, xe không đi được.")
    assert "draft.ask.kind_of_text" in citizen.keys
    again = at_the_menu()
    again.says("/tra_cuu", "gửi phản ánh")
    assert again.draft.kind is Kind.FEEDBACK
    photo = at_the_menu()
    photo.say("/tra_cuu")
    photo.photo(blob=1)
    assert "draft.ask.kind_of_text" in photo.keys


@pytest.mark.parametrize("said", ["nam 2026 duong chua lam xong", "tháng 10 năm 2026 mất nước"])
def test_a_year_in_a_sentence_is_no_code(said: str) -> None:
    assert "draft.ask.kind_of_text" in keys(at_the_menu(), said)


# --- the stored state ---


@pytest.mark.parametrize("file", sorted(STATES.glob("*.json")), ids=lambda file: file.stem)
def test_every_state_that_was_ever_stored_can_be_loaded_and_talked_to(file: Path) -> None:
    desk = MemoryDesk()
    desk.open_survey(ready("chinh_quyen_than_thien"))
    desk.open_survey(ready("sau_thu_tuc"))
    desk.invite(ready("sau_thu_tuc"))
    citizen = Citizen(desk, load(file.read_bytes()))
    for said in ("xyz", "quay lại", "trợ giúp", "menu"):
        citizen.say(said)
        assert citizen.options


def test_there_is_a_stored_state_of_every_dialogue() -> None:
    states = [load(file.read_bytes()) for file in STATES.glob("*.json")]
    found = {type(state.dialogue).__name__ for state in states}
    assert found == {"Answering", "Drafting", "Tracking", "Joining", "NoneType"}


def test_no_state_is_a_new_one() -> None:
    assert load(None) == State()


def test_a_state_survives_its_storing() -> None:
    draft = Drafting(topic=0, kind=Kind.PETITION, done=["kind"], text="chữ")
    state = State(nonce=3, dialogue=Answering(wave=1, version=2, topic=1, answers={"a": 1}), kept=draft)
    assert load(dump(state)) == state
    assert b'{"v":3,' in dump(state)


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b'{"v":999}', b'{"v":"1"}', b'{"v":1,"nonce":"x"}', b"\xff"])
def test_what_is_no_state_is_refused(stored: bytes) -> None:
    with pytest.raises(UnknownState):
        load(stored)


# --- the second page ---


def on_the_second_page() -> Citizen:
    citizen = at_the_menu()
    citizen.press("Trợ giúp và việc khác")
    return citizen


@pytest.mark.parametrize(
    ("digit", "said"),
    [
        ("1", "data.held"),
        ("2", "data.ask.erase"),
        ("3", "data.ask.withdraw"),
        ("4", "optout.done"),
        ("5", "privacy"),
        ("6", "data.ask.correct"),
        ("7", "notices.ask"),
    ],
)
def test_its_digits_are_those_that_are_printed(digit: str, said: str) -> None:
    citizen = on_the_second_page()
    assert [option.digit for option in citizen.options[:7]] == list("1234567")
    citizen.say(digit)
    assert said in citizen.keys


def test_its_digits_are_over_with_it() -> None:
    citizen = on_the_second_page()
    citizen.says("menu", "1")
    assert citizen.draft.kind is Kind.FEEDBACK


def test_a_digit_that_it_has_not_is_no_line_of_the_first_page() -> None:
    citizen = on_the_second_page()
    citizen.say("8")
    assert {"nav.not_understood", "menu.title"} <= citizen.keys


def test_the_first_page_can_still_be_named_from_there() -> None:
    citizen = on_the_second_page()
    citizen.say("gửi kiến nghị")
    assert citizen.draft.kind is Kind.PETITION


def test_whoever_refused_invitations_finds_the_way_back_there() -> None:
    citizen = on_the_second_page()
    citizen.says("4", "việc khác")
    assert "menu.optin" in citizen.keys
    assert "menu.optout" not in citizen.keys
    citizen.say("4")
    assert "optin.done" in citizen.keys


@pytest.mark.parametrize(
    ("plain", "slash", "key"),
    [
        ("riêng tư", "/rieng_tu", "privacy"),
        ("du lieu cua toi", "/dulieu", "data.held"),
        ("xóa dữ liệu", "/xoa", "data.ask.erase"),
        ("rut dong y", "/rut_dong_y", "data.ask.withdraw"),
        ("sửa dữ liệu của tôi", "/sua_du_lieu", "data.ask.correct"),
        ("dung nhan tin", "/dung", "optout.done"),
        ("nhận tin", "/nhan_tin", "optin.done"),
        ("ngôn ngữ", "/ngon_ngu", "language.only"),
        ("trợ giúp", "/tro_giup", "help"),
        ("viec khac", "Việc khác", "menu.others.title"),
    ],
)
def test_every_way_has_plain_words_and_its_slash(plain: str, slash: str, key: str) -> None:
    for said in (plain, slash):
        citizen = at_the_menu()
        citizen.say(said)
        assert key in citizen.keys


def test_the_beginning_of_a_code_is_told_what_is_missing() -> None:
    citizen = at_the_menu()
    citizen.say("M-2026-WGR")
    assert {"track.mistyped", "track.slip.length"} <= citizen.keys
    assert "nav.not_understood" not in citizen.keys


def test_where_another_matter_is_a_line_of_the_list_those_words_are_that_line() -> None:
    citizen = at_the_menu()
    citizen.says("gửi phản ánh", "việc khác")
    assert citizen.draft.category == "other"
