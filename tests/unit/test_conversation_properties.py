"""Whatever people do, in whatever order: an answer, never a fault, and a state that loads again."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.render import MAX_TEXT
from bot.channels.texts import split, utf16_length
from bot.conversation.effects import Say
from bot.conversation.messages import Media, Place
from bot.conversation.state import dump, load
from bot.turn import worded
from feedback.acts import MAX_TEXT as MOST
from feedback.acts import Refusal
from feedback.deciding import decide
from feedback.office import Office
from feedback.roles import CITIZEN, Actor
from surveys.definition import Choice, Kind, Privacy, Question, Survey
from surveys.ready import ready
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk
from vietnam.text import clean
from vietnam.time import DAY

WORDS = (
    "menu", "quay lại", "bỏ qua", "trợ giúp", "/huy", "/tra_cuu", "riêng tư", "thôi", "sửa", "hướng dẫn", "xong",
    "1", "2", "3", "4", "5", "9", "0", "5,", "1 2", "rất hài lòng", "ko", "có", "không", "gửi", "ẩn danh", "ghi tên",
    "thôn mai", "Quế", "0912 345 678", "091", "Nguyễn Thị Mẫu", "sáng thứ Tư", "M-2026-ABCDEF-7", "cảm ơn", "xin chào",
    "/dung", "/nhan_tin", "/ngon_ngu", "không nhận tin nữa", "dừng", "xem lại", "giữ nguyên", "đồng ý", "3 1 2", "2,5",
    "K7M-2QX-4P9", "k7m 2qx 4p9", "AAA-BBB-CC1", "15/3/2026", "7 giờ 30", "hôm qua", "13", "khác", "21.5, 106.5", "hai",
    "Đường vào thôn ngập nước ba hôm nay.", "\u200b", "😀", "مرحبا", "{code}", "x" * (MOST + 1), "y " * 1900,
)  # fmt: skip
HOLDS_AT_ANY_TIME = (
    "go:menu", "go:help", "go:track", "go:privacy", "go:stop", "go:feedback", "go:petition", "go:dialogue", "go:kept",
    "go:survey.moi_loai", "go:survey.khong_co", "go:nothing", "go:language", "go:language.km", "go:language.xx",
    "go:optout", "go:optin", "go:code.K7M-2QX-4P9", "go:code.x", "go:on.1", "go:on.9", "go:on.",
)  # fmt: skip


def every_kind() -> Survey:
    """Every kind of question: required and not, with conditions, a matrix, filtered choices, a calculated value."""
    choices = (Choice(id="a", text="Việc thứ nhất"), Choice(id="b", text="Hướng dẫn"), Choice(id="c", text="Không có"))
    filtered = (*choices[:2], Choice(id="c", text="Việc thứ ba", show_if='mot == "a"'))
    other = (*choices[:2], Choice(id="khac", text="Khác (ghi rõ)", other=True))
    return Survey(
        id="moi_loai",
        title="Mọi loại câu hỏi",
        intro="Vài câu.",
        privacy=Privacy.CONFIDENTIAL,
        translations={"km": {"title": "ក", "questions.mot.text": "ខ", "questions.mot.choices.a": "គ"}},
        questions=(
            Question(id="ghi_chu", kind=Kind.NOTE, text="Xin đọc."),
            Question(id="da_doc", kind=Kind.ACKNOWLEDGE, text="Ông/Bà đã đọc chưa?"),
            Question(id="muc", kind=Kind.LIKERT5, text="Hài lòng không?", not_applicable="Chưa đến", audio="muc.mp3"),
            Question(id="mot", kind=Kind.SINGLE, text="Việc nào?", choices=choices, required=True, section="Phần một"),
            Question(id="hang_1", kind=Kind.LIKERT5, text="Nơi đón tiếp", matrix="hang", stem="Hài lòng về những gì?"),
            Question(id="hang_2", kind=Kind.LIKERT5, text="Thái độ", matrix="hang", stem="Hài lòng về những gì?"),
            Question(id="nhieu", kind=Kind.MULTIPLE, text="Những việc nào?", choices=filtered, show_if='mot != "b"'),
            Question(id="loai", kind=Kind.SINGLE, text="Loại nào?", choices=other, hint="Chọn một."),
            Question(id="ghi_ro", kind=Kind.TEXT, text="Ghi rõ?", other_of="loai", show_if='loai == "khac"'),
            Question(id="xep", kind=Kind.RANK, text="Việc nào trước?", choices=choices, section="Phần hai"),
            Question(id="so", kind=Kind.NUMBER, text="Mấy lần?", min=0, max=99, constraint="answer != 13"),
            Question(id="le", kind=Kind.DECIMAL, text="Mấy héc-ta?", min=0, max=9),
            Question(id="thang", kind=Kind.RANGE, text="Từ 0 đến 10?", min=0, max=10, step=2),
            Question(id="gap", kind=Kind.CALCULATED, text="", value="so * 2"),
            Question(id="diem", kind=Kind.NPS, text="Có giới thiệu không?"),
            Question(id="hen", kind=Kind.YESNO, text="Có trễ hẹn không?"),
            Question(id="ngay", kind=Kind.DATE, text="Ngày nào?"),
            Question(id="gio", kind=Kind.TIME, text="Mấy giờ?", required=True),
            Question(id="anh", kind=Kind.PHOTO, text="Ảnh chỗ đó?"),
            Question(id="tieng", kind=Kind.VOICE, text="Ông/Bà nói gì?"),
            Question(id="noi", kind=Kind.PLACE, text="Ở đâu?"),
            Question(id="y_kien", kind=Kind.TEXT, text="Cần làm tốt hơn điều gì?", max=100),
        ),
    )


@st.composite
def deeds(draw: st.DrawFn) -> tuple[str, object]:
    """One thing a person, or the program behind, may do."""
    kind = draw(
        st.sampled_from(
            (
                "say",
                "say",
                "press",
                "press",
                "press",
                "go",
                "old",
                "photo",
                "start",
                "other",
                "media",
                "refuse",
                "expire",
            )
        )
    )
    match kind:
        case "say":
            return kind, draw(st.sampled_from(WORDS) | st.text(max_size=20).map(lambda text: clean(text)[0]))
        case "press" | "expire":
            return kind, draw(st.integers(0, 20))
        case "go":
            return kind, draw(st.sampled_from(HOLDS_AT_ANY_TIME))
        case "old":
            return kind, draw(st.sampled_from(("0:back", "1:=5", "2:send", "nonsense", "7:", ":", "-1:skip")))
        case "photo":
            return kind, draw(st.sampled_from((Media(blob=7), Media(ref="f1"), Media(ref="f2"))))
        case "start":
            return kind, draw(st.sampled_from(("", "ks_moi_loai", "khac", "m_K7M2QX4P9", "m_", "m_x")))
        case "other":
            return kind, draw(st.sampled_from(("location", "contact", "voice", "unsupported", "place", "recording")))
        case "media":
            ref, ready_now = draw(st.sampled_from(("f1", "f2", ""))), draw(st.booleans())
            return kind, Media(ref=ref, blob=9) if ready_now and ref else Media(ref=ref, reason="photo.too_big")
        case _:
            reasons = ("wave.closed", "wave.took_part", "photo.expired", "code.taken", "act.text_long")
            return kind, draw(st.sampled_from(reasons))


def do(citizen: Citizen, deed: tuple[str, object]) -> bool:
    """Do it; whether an answer must follow."""
    kind, what = deed
    match kind, what:
        case "say", str(text):
            citizen.say(text)
        case "press", int(place):
            options = citizen.options if citizen.messages else []
            if not options:
                return False
            citizen.press_id(button_ids(citizen)[place % len(options)])
        case "go" | "old", str(id):
            citizen.press_id(id)
        case "photo", Media() as photo:
            citizen.send("photo", media=(photo,), text="Ảnh chụp sáng nay" if photo.blob else "")
        case "start", str(source):
            citizen.start(source)
        case "other", "place":
            citizen.send("location", place=Place(lat=21.5, lon=106.5))
        case "other", "recording":
            citizen.send("voice", media=(Media(ref="f2", kind="voice"),))
        case "other", "location" | "contact" | "voice" | "unsupported" as other:
            citizen.send(other)
        case "expire", int(days):
            citizen.at += days * DAY
            citizen.send("expire")
            assert citizen.messages == []
            check(citizen)
            return False
        case "media", Media() as media:
            citizen.send("media_ready" if media.blob else "media_refused", media=(media,))
            return not media.blob
        case _:
            citizen.refusals[:] = [str(what)]
            return False
    return True


def button_ids(citizen: Citizen) -> list[str]:
    return [button.id for button in worded(citizen.messages[-1], WORDING).buttons]


def check(citizen: Citizen) -> None:
    for say in citizen.messages:
        bubble = worded(say, WORDING)
        assert bubble.text.strip()
        assert all(part.strip() and utf16_length(part) <= MAX_TEXT for part in split(bubble.text, MAX_TEXT))
        for button in bubble.buttons:
            assert button.id.isascii()
            assert 1 <= len(button.id.encode()) <= 64
            assert button.label.strip()
        digits = [button.digit for button in bubble.buttons if button.digit]
        assert len(digits) == len(set(digits))
    for act in citizen.opened:
        accepted = decide(None, act, Actor(kind=CITIZEN, unit=1), now=NOW, office=Office())
        assert not isinstance(accepted, Refusal), accepted
        assert not act.anonymous or not (act.name or act.phone)
    for submit in citizen.submitted:
        known = {question.id for question in citizen.desk.survey(submit.version).questions}
        assert set(submit.answers) <= known
        assert not submit.partial or any(answer is not None for answer in submit.answers.values())
    assert dump(load(dump(citizen.state))) == dump(citizen.state)
    assert len({doing.topic for doing in citizen.state.unfinished}) == len(citizen.state.unfinished)


@settings(max_examples=200, deadline=None)
@given(st.lists(deeds(), max_size=40))
@example([("say", "Đường vào thôn ngập nước ba hôm nay."), ("say", "quay lại")])
@example([("photo", Media(ref="f1")), ("say", "3"), ("say", "1"), ("media", Media(ref="f1", reason="photo.too_big"))])
@example([("photo", Media(ref="f1")), ("say", "quay lại"), ("media", Media(ref="f1", reason="photo.too_big"))])
def test_any_sequence_is_answered_and_never_raises(doings: list[tuple[str, object]]) -> None:
    desk = MemoryDesk()
    desk.open_survey(every_kind())
    desk.open_survey(ready("sau_thu_tuc"))
    desk.invite(ready("sau_thu_tuc"))
    citizen = Citizen(desk)
    for deed in doings:
        if do(citizen, deed):
            assert citizen.messages, deed
            assert citizen.options, deed
            check(citizen)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=20, max_size=60),
    st.sampled_from(("ks_chinh_quyen_than_thien", "ks_moi_loai")),
)
def test_whoever_only_presses_buttons_reaches_an_end(presses: list[int], source: str) -> None:
    desk = MemoryDesk()
    desk.open_survey(every_kind())
    desk.open_survey(ready("chinh_quyen_than_thien"))
    citizen = Citizen(desk)
    citizen.start(source)
    for place in presses:
        ids = button_ids(citizen)
        citizen.press_id(ids[place % len(ids)])
        check(citizen)


def test_who_has_gone_is_not_answered_and_keeps_the_place() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    before = dump(citizen.state)

    citizen.send("gone")

    assert citizen.messages == []
    assert dump(citizen.state) == before


def test_every_message_that_asks_has_its_own_number() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    numbers = []
    for word in ("2", "1", "Đèn hỏng.", "không", "Mai", "ghi tên"):
        citizen.say(word)
        numbers.append(citizen.messages[-1].nonce)
    assert numbers == sorted(set(numbers))
    assert all(isinstance(effect, Say) for effect in citizen.effects)
