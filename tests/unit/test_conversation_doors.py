"""Ways in and out beside the menu: one-time codes, languages, and no more invitations."""

from typing import Any

import pytest

from bot.conversation.effects import Came, SetLanguage, SetOptOut, t
from bot.conversation.wording import Wording
from feedback.codes import make_code
from surveys.definition import Choice, Kind, Question, Survey
from surveys.ready import ready
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk
from vietnam.time import DAY

CODE = "K7M-2QX-4P9"


def invited(**how: Any) -> Citizen:
    citizen = Citizen(MemoryDesk())
    citizen.desk.invite(ready("sau_thu_tuc"), **how)
    return citizen


# --- posters ---


def test_a_poster_that_names_a_place_opens_its_survey_and_is_counted_once() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    for source, place in (("ks_sau_thu_tuc--quay_3", "quay_3"), ("ks_sau_thu_tuc", "")):
        citizen.state = type(citizen.state)()
        citizen.start(source)
        assert len(citizen.messages) == 1
        assert "survey.question" in citizen.keys
        assert [effect for effect in citizen.effects if isinstance(effect, Came)] == [
            Came(code="sau_thu_tuc", place=place)
        ]
        # scanned again in the middle of it, nothing begins anew
        citizen.start(source)
        assert not [effect for effect in citizen.effects if isinstance(effect, Came)]


def test_a_poster_of_a_survey_that_is_over_says_so() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start("ks_da_qua--quay_3")
    assert "survey.closed" in citizen.keys


# --- one-time codes ---


@pytest.mark.parametrize("said", ["K7M-2QX-4P9", "k7m2qx4p9", "k7m 2qx 4p9", " K7M–2QX–4P9 "])
def test_a_code_opens_its_survey_however_it_is_written(said: str) -> None:
    citizen = invited()
    citizen.start()
    citizen.say(said)
    assert citizen.doing.invitation == 901
    assert {"code.person", "survey.question"} <= citizen.keys


@pytest.mark.parametrize("said", ["K7M-2QX-4P9", "k7m2qx4p9", "k7m 2qx 4p9"])
def test_a_code_is_never_an_answer_in_words(said: str) -> None:
    citizen = invited()
    words = Question(id="gop_y", kind=Kind.TEXT, text="Ông/Bà góp ý điều gì?")
    citizen.desk.open_survey(Survey(id="phieu", title="Phiếu mẫu", questions=(words,)))
    citizen.start("ks_phieu")
    citizen.say(said)
    assert citizen.doing.invitation == 901
    assert [doing.answers for doing in citizen.state.paused] == [{}]
    citizen.says("4", "4", said)  # and typed again where its own survey asks for words
    assert "nav.where_you_were" in citizen.keys
    assert citizen.doing.answers == {"chung": 4, "thoi_gian": 4}


def test_a_code_with_a_slip_is_no_answer_in_words_either() -> None:
    citizen = invited()
    citizen.start(f"m_{CODE}")
    citizen.says("4", "4", "K7M-2QX-4PP")
    assert "code.unknown" in citizen.keys
    assert "gop_y" not in citizen.doing.answers


def test_the_draft_that_opinions_are_asked_on_is_linked_above_the_first_question() -> None:
    citizen = Citizen(MemoryDesk())
    question = Question(id="y_kien", kind=Kind.TEXT, text="Ông/Bà góp ý điều gì?")
    draft = Survey(id="du_thao", title="Dự thảo", intro="Tóm tắt.", document="du-thao.pdf", questions=(question,))
    citizen.desk.open_survey(draft)
    citizen.start("ks_du_thao")
    (message,) = citizen.messages
    assert [part.key for part in message.parts] == [
        "greeting",
        "plain",
        "survey.draft",
        "survey.question",
        "survey.write",
    ]
    assert "https://nghedan.example/mau/lay-y-kien/du_thao" in citizen.heard


def test_from_the_letter_to_the_first_question_in_one_message_with_the_notice() -> None:
    citizen = invited(per="household")
    citizen.start("m_K7M2QX4P9")
    assert len(citizen.messages) == 1
    assert {"greeting", "code.household", "survey.question"} <= citizen.keys
    assert "https://nghedan.example/mau/rieng-tu" in citizen.heard


def test_the_button_of_an_invitation_opens_it_from_anywhere() -> None:
    citizen = invited()
    citizen.start()
    citizen.press_id("go:feedback")
    citizen.press_id(f"go:code.{CODE}")
    assert citizen.doing.invitation == 901


def test_its_answer_is_handed_in_for_the_code_and_a_second_one_is_not() -> None:
    citizen = invited()
    citizen.desk.answered.add(1)  # that this account took part stands in nobody's way
    citizen.start("m_K7M2QX4P9")
    citizen.says("4", "5", "bỏ qua", "mai")
    assert [(submit.wave, submit.invitation) for submit in citizen.submitted] == [(1, 901)]
    citizen.say(CODE)
    assert {"code.used", "menu.title"} <= citizen.keys


@pytest.mark.parametrize(
    ("how", "said", "key"),
    [
        ({"takes": False}, CODE, "survey.closed"),
        ({}, "K7M-2QX-4PP", "code.unknown"),
        ({}, "AAA BBB CC1", "code.unknown"),
    ],
)
def test_a_code_that_opens_nothing_says_why(how: dict[str, bool], said: str, key: str) -> None:
    citizen = invited(**how)
    citizen.start()
    citizen.say(said)
    assert {key, "menu.title"} <= citizen.keys


def test_an_unknown_code_on_a_letter_says_so() -> None:
    citizen = invited()
    citizen.start("m_XXX")
    assert {"greeting", "code.unknown", "menu.title"} <= citizen.keys


def test_a_survey_by_code_is_put_aside_and_gone_on_with_from_the_menu_or_the_letter() -> None:
    citizen = invited()
    citizen.start("m_K7M2QX4P9")
    citizen.says("4", "menu")
    assert citizen.options[0].id == "go:on.1"
    citizen.say("1")
    assert citizen.doing.at == "thoi_gian"
    citizen.say("menu")
    citizen.start("m_K7M2QX4P9")
    assert "survey.continued" in citizen.keys
    citizen.start("m_K7M2QX4P9")
    assert "nav.where_you_were" in citizen.keys
    assert citizen.doing.answers == {"chung": 4}


def test_the_letters_of_two_neighbours_are_answered_in_one_chat() -> None:
    citizen = invited()
    citizen.desk.codes["B7M2QX4P8"] = citizen.desk.codes["K7M2QX4P9"].__class__(
        id=777, wave=1, version=1, title="Phiếu"
    )
    for code in ("m_K7M2QX4P9", "m_B7M2QX4P8"):
        citizen.start(code)
        citizen.says("4", "5", "bỏ qua", "mai")
        assert citizen.submitted
    assert citizen.desk.used == {901, 777}


def test_an_unfinished_answer_by_code_is_handed_in_for_the_code() -> None:
    citizen = invited()
    citizen.start("m_K7M2QX4P9")
    citizen.say("4")
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    assert [(submit.partial, submit.invitation) for submit in citizen.submitted] == [(True, 901)]


# --- no more invitations (DL3) ---


@pytest.mark.parametrize(
    "door", ["/dung", "/stop", "không nhận tin nữa", "Đừng nhắn tin nữa", "ngừng nhận tin", "stop"]
)
def test_whoever_wants_no_invitations_is_heard_at_once(door: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say(door)
    assert SetOptOut(out=True) in citizen.effects
    assert "“nhận tin”" in citizen.heard


@pytest.mark.parametrize("said", ["dừng", "Dừng.", "dung"])
def test_one_word_is_enough_below_a_notice(said: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.say(said)
    assert SetOptOut(out=True) in citizen.effects
    assert {"optout.done", "menu.title"} <= citizen.keys


def test_the_button_below_an_invitation_does_the_same() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.press_id("go:optout")
    assert SetOptOut(out=True) in citizen.effects


@pytest.mark.parametrize("door", ["/nhan_tin", "nhận lại tin", "Nhận lại tin mời và thông báo"])
def test_and_may_want_them_again(door: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.say("/dung")
    assert "menu.optin" in citizen.keys
    citizen.say(door)
    assert SetOptOut(out=False) in citizen.effects
    assert "menu.optin" not in citizen.keys


def test_inside_a_survey_it_is_paused_as_well() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    citizen.says("4", "/dung")
    assert SetOptOut(out=True) in citizen.effects
    assert {"optout.done", "survey.paused", "menu.continue"} <= citizen.keys


@pytest.mark.parametrize("said", ["hủy", "thôi", "thoi"])
def test_a_plain_word_stops_what_is_open_and_nothing_else(said: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    citizen.say(said)
    assert "survey.paused" in citizen.keys
    assert SetOptOut(out=True) not in citizen.effects
    citizen.say(said)
    assert "optout.hint" in citizen.keys, "at the menu there is nothing to stop: perhaps the invitations are meant"


# --- languages (SV5) ---


def bilingual() -> Survey:
    return Survey(
        id="phieu",
        title="Phiếu mẫu",
        translations={
            "km": {"title": "ក", "questions.viec.text": "ខ?", "questions.viec.choices.a": "គ"},
            "tyz": {"questions.viec.text": "Tày?"},
        },
        questions=(
            Question(
                id="viec",
                kind=Kind.SINGLE,
                text="Việc gì?",
                choices=(Choice(id="a", text="Đường"), Choice(id="b", text="Điện")),
            ),
            Question(id="y_kien", kind=Kind.TEXT, text="Ý kiến?"),
        ),
    )


def reader() -> Citizen:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(bilingual())
    citizen.start("ks_phieu")
    return citizen


def test_the_menu_offers_languages_only_where_there_are_several() -> None:
    citizen = reader()
    citizen.say("menu")
    assert "menu.language" in citizen.keys
    alone = Citizen(MemoryDesk())
    alone.desk.open_survey(ready("sau_thu_tuc"))
    alone.start()
    assert "menu.language" not in alone.keys
    alone.say("/ngon_ngu")
    assert {"language.only", "menu.title"} <= alone.keys


@pytest.mark.parametrize("chosen", ["2", "Tiếng Khmer", "go:language.km"])
def test_a_language_is_chosen_within_a_survey_and_the_open_question_asked_in_it(chosen: str) -> None:
    citizen = reader()
    citizen.say("/ngon_ngu")
    assert citizen.labels == ["Tiếng Việt", "Tiếng Khmer (ភាសាខ្មែរ)", "Tiếng Tày"]
    if chosen.startswith("go:"):
        citizen.press_id(chosen)
    else:
        citizen.say(chosen)
    assert SetLanguage(language="km") in citizen.effects
    assert "ខ?" in citizen.heard
    assert citizen.labels[:2] == ["គ", "Điện"], "what has no text in it is said in Vietnamese"
    citizen.say("គ")
    assert citizen.doing.answers == {"viec": "a"}
    assert "Ý kiến?" in citizen.heard


def test_whoever_asks_for_languages_and_answers_the_question_has_answered_it() -> None:
    citizen = reader()
    citizen.say("/ngon_ngu")
    citizen.say("điện")
    assert citizen.doing.answers == {"viec": "b"}
    citizen.says("quay lại", "2")
    assert citizen.doing.answers == {"viec": "b"}, "a number is that of the question again"


def test_the_question_that_stood_open_can_still_be_pressed() -> None:
    citizen = reader()
    press = f"{citizen.messages[-1].nonce}:=b"
    citizen.say("/ngon_ngu")
    citizen.press_id(press)
    assert citizen.doing.answers == {"viec": "b"}


def test_the_language_holds_for_the_next_survey_and_back_to_vietnamese() -> None:
    citizen = reader()
    citizen.press_id("go:language.km")
    citizen.says("menu")
    citizen.press_id("go:survey.phieu")
    assert "ខ?" in citizen.heard
    citizen.press_id("go:language.vi")
    assert "Việc gì?" in citizen.heard
    assert citizen.state.language == ""


def test_a_catalogue_of_the_language_is_spoken_where_there_is_one() -> None:
    khmer = Wording("km", {**WORDING.texts, "nav.menu": "ម៉ឺនុយ"})
    both = Wording("vi", WORDING.texts, {"km": khmer})
    assert both.spoken("km").word(t("nav.menu")) == "ម៉ឺនុយ"
    assert both.spoken("km-KH")("nav.menu") == "ម៉ឺនុយ"
    assert both.spoken("tyz")("nav.menu") == both.spoken("")("nav.menu") == "Về menu"


# --- the villages of several old communes (CH3) ---


def test_namesakes_are_shown_with_their_old_commune_and_an_old_commune_narrows_the_list() -> None:
    names = ("bản Nà Pất", "bản Nà Pất", "khu phố 1", "thôn Chè")
    former = {"101": "Hòa Bình", "102": "Y Tịch", "103": "Y Tịch", "104": "Vân An"}
    citizen = Citizen(MemoryDesk(names=names, former=former))
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    citizen.says("4", "5", "bỏ qua")
    assert "khu phố, thôn, bản nào?" in citizen.heard
    assert {"bản Nà Pất (Hòa Bình)", "bản Nà Pất (Y Tịch)", "khu phố 1", "thôn Chè"} <= set(citizen.labels)
    citizen.say("xã Y Tịch")
    assert "village.several" in citizen.keys
    assert set(citizen.labels[:2]) == {"bản Nà Pất (Y Tịch)", "khu phố 1"}
    citizen.say("nà pất y tịch")
    assert [submit.village for submit in citizen.submitted] == [102]


def test_an_old_commune_of_one_village_is_that_village() -> None:
    citizen = Citizen(MemoryDesk(former={"101": "Vân An"}))
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    citizen.says("4", "5", "bỏ qua", "ở xã Vân An cũ")
    assert [submit.village for submit in citizen.submitted] == [101]


# --- links of Telegram ---


def test_a_link_with_the_code_of_a_case_shows_it_and_loses_nothing_that_was_open() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    code = make_code("VL", 2026, 5)
    citizen.start(code)
    assert "track.unknown" in citizen.keys
    assert len(citizen.state.paused) == 1

    citizen.start(code[:-1])
    assert "track.mistyped" in citizen.keys


@pytest.mark.parametrize(("source", "said"), [("nhom", "menu.title"), ("la_gi", "menu.title")])
def test_a_link_that_leads_nowhere_yet_leads_to_the_menu(source: str, said: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start(source)
    assert {said, "greeting", "menu.title"} <= citizen.keys


def test_who_corrects_a_message_is_told_that_it_changes_nothing_and_asked_again() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    before = citizen.doing.at
    citizen.send("edited", text="không hài lòng")
    assert {"nav.edited", "survey.question"} <= citizen.keys
    assert (citizen.doing.at, citizen.doing.answers) == (before, {})
