"""Every kind of question in the chat: how it is put, what answers it, and what is said where nothing does."""

import pytest

from bot.conversation.effects import FetchMedia, GiveConsent
from bot.conversation.messages import Media, Place
from surveys.definition import Answer, Choice, Kind, Privacy, Question, Survey
from surveys.understanding import Misread
from tests.unit.desk import WORDING, Citizen, MemoryDesk

THINGS = (Choice(id="duong", text="Đường"), Choice(id="dien", text="Điện"), Choice(id="nuoc", text="Nước"))


def asked(*questions: Question, **desk: object) -> Citizen:
    """Somebody who has come by the poster of a survey of these questions."""
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]  # keywords by name
    citizen.desk.open_survey(Survey(id="phieu", title="Phiếu mẫu", privacy=Privacy.CONFIDENTIAL, questions=questions))
    citizen.start("ks_phieu")
    return citizen


def one(kind: Kind, **more: object) -> Citizen:
    return asked(Question(id="cau", kind=kind, text="Câu hỏi?", **more))  # type: ignore[arg-type]  # keywords by name


@pytest.mark.parametrize(
    ("kind", "more", "said", "answer"),
    [
        (Kind.DATE, {}, "15/3/2026", "2026-03-15"),
        (Kind.DATE, {}, "hôm qua", "2026-10-02"),
        (Kind.TIME, {}, "14:05", "14:05"),
        (Kind.DECIMAL, {"min": 0, "max": 9}, "2,5", 2.5),
        (Kind.RANGE, {"min": 0, "max": 10, "step": 5}, "5", 5),
        (Kind.RANGE, {"min": 0, "max": 1000, "step": 1}, "250", 250),
        (Kind.ACKNOWLEDGE, {}, "tôi đã đọc", "yes"),
        (Kind.RANK, {"choices": THINGS}, "3 1 2", ("nuoc", "duong", "dien")),
        (Kind.PLACE, {}, "21.5, 106.5", "21.50000,106.50000"),
    ],
)
def test_a_typed_answer_is_taken(kind: Kind, more: dict[str, object], said: str, answer: Answer) -> None:
    citizen = one(kind, **more)
    citizen.says(said)
    assert citizen.doing.answers == {"cau": answer}


@pytest.mark.parametrize(
    ("kind", "more", "labels"),
    [
        (Kind.RANGE, {"min": 0, "max": 4, "step": 2}, ["0", "2", "4"]),
        (Kind.ACKNOWLEDGE, {}, ["Tôi đã đọc"]),
        (Kind.RANK, {"choices": THINGS}, ["Đường", "Điện", "Nước"]),
        (Kind.RANGE, {"min": 0, "max": 1000, "step": 1}, []),
    ],
)
def test_what_can_be_pressed_has_a_button(kind: Kind, more: dict[str, object], labels: list[str]) -> None:
    citizen = one(kind, **more)
    assert [WORDING.word(option.label) for option in citizen.options if option.digit] == labels


def test_a_rank_is_tapped_one_after_the_other_and_taken_back() -> None:
    citizen = one(Kind.RANK, choices=THINGS)
    citizen.press("Nước")
    assert citizen.labels[:3] == ["Đường", "Điện", "Bỏ lựa chọn vừa rồi"]
    assert "1. Nước" in citizen.heard
    citizen.press("Bỏ lựa chọn vừa rồi")
    assert citizen.doing.picked == []
    citizen.press("Điện")
    # the number printed before a choice stays its own, whatever was picked before it
    citizen.say("3")
    assert citizen.doing.answers == {"cau": ("dien", "nuoc", "duong")}
    assert "1. Điện; 2. Nước; 3. Đường" in citizen.heard


def test_a_matrix_is_asked_item_by_item_with_its_heading_once() -> None:
    stem = "Ông/Bà hài lòng thế nào về từng việc sau đây tại bộ phận một cửa của xã trong năm nay?"
    items = [
        Question(id=f"m{n}", kind=Kind.LIKERT5, text=text, matrix="m", stem=stem, section="Một cửa")
        for n, text in enumerate(("Nơi đón tiếp", "Thái độ"))
    ]
    citizen = asked(*items)
    assert "Một cửa\n\n" in citizen.heard
    assert f"Câu 1/2. {stem}\n→ Nơi đón tiếp" in citizen.heard
    citizen.say("4")
    assert "Một cửa" not in citizen.heard
    assert "Câu 2/2. Ông/Bà hài lòng thế nào về từng việc sau đây tại bộ phận…\n→ Thái độ" in citizen.heard


def test_other_is_asked_for_in_words_and_is_no_question_of_its_own() -> None:
    choices = (THINGS[0], Choice(id="khac", text="Khác (ghi rõ)", other=True))
    citizen = asked(
        Question(id="viec", kind=Kind.SINGLE, text="Việc gì?", choices=choices),
        Question(id="viec_khac", kind=Kind.TEXT, text="Xin ghi rõ", other_of="viec", show_if='viec == "khac"'),
        Question(id="hen", kind=Kind.YESNO, text="Có hẹn không?"),
    )
    citizen.say("khác")
    assert "Xin ghi rõ" in citizen.heard
    assert "Câu 2" not in citizen.heard
    citizen.say("Chợ")
    assert "Câu 2/2." in citizen.heard
    assert citizen.doing.answers == {"viec": "khac", "viec_khac": "Chợ"}


def test_only_choices_that_are_offered_are_shown_and_each_keeps_its_number() -> None:
    filtered = (
        *THINGS[:2],
        Choice(id="nuoc", text="Nước", show_if='co == "no"'),
        Choice(id="cau", text="Cầu", number=7),
    )
    citizen = asked(
        Question(id="co", kind=Kind.YESNO, text="Có không?"),
        Question(id="viec", kind=Kind.SINGLE, text="Việc gì?", choices=filtered, hint="Chỉ một việc."),
    )
    citizen.say("có")
    assert "Chỉ một việc." in citizen.heard
    assert [(option.digit, WORDING.word(option.label)) for option in citizen.options if option.digit] == [
        ("1", "Đường"),
        ("2", "Điện"),
        ("7", "Cầu"),
    ]
    citizen.say("7")
    assert citizen.doing.answers["viec"] == "cau"


def test_a_calculated_value_is_never_shown_and_handed_in() -> None:
    citizen = asked(
        Question(id="so", kind=Kind.NUMBER, text="Mấy lần?", min=0, max=50),
        Question(id="gap", kind=Kind.CALCULATED, text="", value="so * 2"),
    )
    citizen.say("4")
    assert "survey.village" in citizen.keys
    citizen.say("bỏ qua")
    assert citizen.submitted[0].answers == {"so": 4, "gap": 8}


def test_a_constraint_that_does_not_hold_is_said_in_its_own_words_and_asked_again() -> None:
    citizen = one(Kind.NUMBER, constraint="answer < 10", constraint_message="Nhiều nhất là 9 lần.")
    citizen.say("12")
    assert "Nhiều nhất là 9 lần." in citizen.heard
    citizen.say("12")
    citizen.say("12")
    assert citizen.doing.answers == {"cau": None}, "three tries, then an optional question is passed"


def test_a_constraint_without_words_of_its_own_has_ours() -> None:
    citizen = one(Kind.NUMBER, constraint="answer < 10", required=True)
    citizen.say("12")
    assert "survey.not_accepted" in citizen.keys
    citizen.says("12", "12")
    assert "survey.put_aside" in citizen.keys


@pytest.mark.parametrize(("kind", "said"), [(Kind.DATE, "dạ"), (Kind.TIME, "sớm"), (Kind.DECIMAL, "nhiều")])
def test_nobody_is_told_to_press_where_there_is_no_button(kind: Kind, said: str) -> None:
    citizen = one(kind)
    citizen.say(said)
    assert "survey.unclear" in citizen.keys


# --- asked back ---


def test_what_could_be_two_answers_is_asked_back_with_their_own_numbers() -> None:
    citizen = one(Kind.LIKERT5)
    citizen.say("hai")
    assert "“Không hài lòng” hay “Hài lòng”?" in citizen.heard
    few = [(option.digit, WORDING.word(option.label)) for option in citizen.options if option.digit]
    assert few == [("2", "Không hài lòng"), ("4", "Hài lòng")]
    citizen.say("4")
    assert citizen.doing.answers == {"cau": 4}


def test_a_range_between_two_steps_offers_both() -> None:
    citizen = one(Kind.RANGE, min=0, max=10, step=2)
    citizen.say("9")
    citizen.press("8")
    assert citizen.doing.answers == {"cau": 8}


def test_every_reason_of_a_misreading_has_its_words() -> None:
    reasons = (Misread.__doc__ or "").replace("\n", " ").split()
    assert "place_outside" in reasons


# --- pictures, voices, places ---


def test_a_picture_from_a_platform_is_waited_for_and_then_the_answer() -> None:
    citizen = one(Kind.PHOTO)
    assert citizen.messages[-1].wants == "photo"
    citizen.photo(ref="f1")
    assert citizen.effects[0] == FetchMedia(ref="f1", kind="photo")
    assert "Đang nhận ảnh" in citizen.heard
    citizen.say("gửi rồi")
    assert "Đang nhận ảnh" in citizen.heard
    citizen.send("media_ready", media=(Media(ref="f1", blob=5),))
    assert citizen.doing.answers == {"cau": "blob:5"}


def test_a_picture_that_comes_when_the_person_is_elsewhere_is_kept() -> None:
    citizen = one(Kind.PHOTO)
    citizen.photo(ref="f1")
    citizen.say("menu")
    citizen.send("media_ready", media=(Media(ref="f1", blob=5),))
    assert citizen.messages == []
    citizen.press_id("go:survey.phieu")
    assert citizen.doing.answers == {"cau": "blob:5"}
    assert "survey.village_telling" in citizen.keys


def test_a_picture_that_cannot_be_kept_is_asked_for_again() -> None:
    citizen = one(Kind.PHOTO)
    citizen.photo(ref="f1")
    citizen.send("media_refused", media=(Media(ref="f1", reason="photo.too_big"),))
    assert {"photo.too_big", "survey.question"} <= citizen.keys
    citizen.say("bỏ qua")
    assert citizen.doing.answers == {"cau": None}


def test_a_voice_is_brought_over_as_a_voice() -> None:
    citizen = one(Kind.VOICE)
    assert citizen.messages[-1].wants == "voice"
    citizen.send("voice", media=(Media(ref="v1", kind="voice"),))
    assert citizen.effects[0] == FetchMedia(ref="v1", kind="voice")
    citizen.send("media_ready", media=(Media(ref="v1", blob=6, kind="voice"),))
    assert citizen.doing.answers == {"cau": "blob:6"}


def test_a_place_is_shared_or_asked_for_again() -> None:
    citizen = one(Kind.PLACE)
    assert citizen.messages[-1].wants == "place"
    citizen.say("nhà tôi")
    assert "misread.place_words" in citizen.keys
    citizen.send("location", place=Place(lat=21.5, lon=106.5123456))
    assert citizen.doing.answers == {"cau": "21.50000,106.51235"}


def test_a_place_in_another_country_is_asked_for_again_however_it_is_sent() -> None:
    citizen = one(Kind.PLACE)
    citizen.send("location", place=Place(lat=48.85, lon=2.35))
    assert "misread.place_outside" in citizen.keys
    citizen.say("48.85, 2.35")
    assert "misread.place_outside" in citizen.keys
    assert citizen.doing.answers == {}


def test_typed_choices_join_those_that_were_ticked() -> None:
    citizen = one(Kind.MULTIPLE, choices=THINGS)
    citizen.press("Đường")
    citizen.say("3")
    assert citizen.doing.answers == {"cau": ("duong", "nuoc")}
    citizen.says("quay lại", "2")  # an answer that stands is written anew
    assert citizen.doing.answers == {"cau": ("dien",)}


def test_too_few_typed_choices_stay_until_there_are_more() -> None:
    citizen = one(Kind.MULTIPLE, choices=THINGS, min=2)
    citizen.say("1")
    assert "misread.too_few" in citizen.keys
    assert "✓ Đường" in citizen.labels
    citizen.say("3")
    assert citizen.doing.answers == {"cau": ("duong", "nuoc")}


def test_an_exclusive_choice_typed_takes_the_ticks_away() -> None:
    citizen = one(Kind.MULTIPLE, choices=(*THINGS, Choice(id="khong", text="Không việc nào", exclusive=True)))
    citizen.press("Đường")
    citizen.say("không việc nào")
    assert citizen.doing.answers == {"cau": ("khong",)}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"min": 0, "max": 1200}, "từ 0 đến 1.200"),
        ({"min": 1.5}, "từ 1,5 trở lên"),
        ({"max": 10}, "không quá 10"),
    ],
)
def test_a_number_out_of_bounds_is_told_the_bounds(limits: dict[str, float], said: str) -> None:
    citizen = one(Kind.DECIMAL, **limits)
    citizen.say("-7" if "min" in limits else "99999")
    assert said in citizen.heard


def test_a_wide_range_says_its_ends() -> None:
    assert "từ 0 đến 1.000" in one(Kind.RANGE, min=0, max=1000, step=1).heard


def test_what_tells_who_gave_it_is_sent_only_with_consent() -> None:
    citizen = one(Kind.PHOTO)
    citizen.photo(blob=5)
    citizen.say("mai")
    assert {"survey.review", "survey.consent", "survey.consent_and_send"} <= citizen.keys
    assert citizen.submitted == []
    citizen.say("đồng ý")
    assert [effect.data for effect in citizen.effects if isinstance(effect, GiveConsent)] == [("photo",)]
    assert citizen.submitted[0].village == 102


def test_a_picture_that_was_swept_meanwhile_is_asked_for_again_and_nothing_else() -> None:
    citizen = asked(
        Question(id="anh", kind=Kind.PHOTO, text="Ảnh?"), Question(id="hen", kind=Kind.YESNO, text="Có hẹn không?")
    )
    citizen.photo(blob=5)
    citizen.says("có", "mai")
    citizen.refusals = ["photo.expired"]
    citizen.say("đồng ý")
    assert "photo.expired" in citizen.keys
    assert citizen.doing.answers == {"hen": "yes"}
    citizen.photo(blob=6)
    assert "survey.review" in citizen.keys
    citizen.say("đồng ý")
    assert citizen.submitted[0].answers == {"anh": "blob:6", "hen": "yes"}


def test_a_question_is_read_aloud_where_its_recording_was_published() -> None:
    citizen = Citizen(MemoryDesk(files={(1, "cau.mp3"): 77}))
    recorded = Question(id="cau", kind=Kind.YESNO, text="Có không?", audio="cau.mp3")
    lost = Question(id="sau", kind=Kind.YESNO, text="Sau?", audio="mat.mp3")
    citizen.desk.open_survey(Survey(id="phieu", title="Phiếu mẫu", questions=(recorded, lost)))
    citizen.start("ks_phieu")
    assert (citizen.messages[-1].audio, citizen.messages[-1].audio_name) == (77, "cau.mp3")
    citizen.say("có")
    assert citizen.messages[-1].audio == 0
    assert "Sau?" in citizen.heard
