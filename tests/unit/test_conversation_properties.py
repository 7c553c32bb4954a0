"""Whatever people do, in whatever order: an answer, never a fault, and a state that loads again."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.render import MAX_TEXT, split, utf16_length
from bot.conversation.effects import Say
from bot.conversation.messages import Media
from bot.conversation.state import dump, load
from bot.turn import worded
from feedback.acts import MAX_TEXT as MOST
from feedback.acts import Refusal, decide
from feedback.roles import CITIZEN, Actor
from surveys.definition import Choice, Kind, Question, Survey
from surveys.ready import ready
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk
from vietnam.text import clean
from vietnam.time import day_of

WORDS = (
    "menu", "quay lại", "bỏ qua", "trợ giúp", "/huy", "/tra_cuu", "riêng tư", "thôi", "sửa", "hướng dẫn", "xong",
    "1", "2", "3", "4", "5", "9", "0", "5,", "1 2", "rất hài lòng", "ko", "có", "không", "gửi", "ẩn danh", "ghi tên",
    "thôn mai", "Quế", "0912 345 678", "091", "Nguyễn Thị Mẫu", "sáng thứ Tư", "M-2026-ABCDEF-7", "cảm ơn", "xin chào",
    "Đường vào thôn ngập nước ba hôm nay.", "\u200b", "😀", "مرحبا", "{code}", "x" * (MOST + 1), "y " * 1900,
)  # fmt: skip
HOLDS_AT_ANY_TIME = (
    "go:menu", "go:help", "go:track", "go:privacy", "go:stop", "go:feedback", "go:petition", "go:dialogue", "go:kept",
    "go:survey.moi_loai", "go:survey.khong_co", "go:nothing",
)  # fmt: skip


def every_kind() -> Survey:
    """Every kind of question, one of each required, conditions included."""
    choices = (Choice(id="a", text="Việc thứ nhất"), Choice(id="b", text="Hướng dẫn"), Choice(id="c", text="Không có"))
    return Survey(
        id="moi_loai",
        title="Mọi loại câu hỏi",
        intro="Vài câu.",
        questions=(
            Question(id="ghi_chu", kind=Kind.NOTE, text="Xin đọc."),
            Question(id="muc", kind=Kind.LIKERT5, text="Hài lòng không?", not_applicable="Chưa đến"),
            Question(id="mot", kind=Kind.SINGLE, text="Việc nào?", choices=choices, required=True),
            Question(id="nhieu", kind=Kind.MULTIPLE, text="Những việc nào?", choices=choices, show_if='mot == "a"'),
            Question(id="so", kind=Kind.NUMBER, text="Mấy lần?", min=0, max=99),
            Question(id="diem", kind=Kind.NPS, text="Có giới thiệu không?"),
            Question(id="hen", kind=Kind.YESNO, text="Có trễ hẹn không?"),
            Question(id="y_kien", kind=Kind.TEXT, text="Cần làm tốt hơn điều gì?", max=100),
        ),
    )


@st.composite
def deeds(draw: st.DrawFn) -> tuple[str, object]:
    """One thing a person, or the program behind, may do."""
    kind = draw(
        st.sampled_from(("say", "say", "press", "press", "go", "old", "photo", "start", "other", "media", "refuse"))
    )
    match kind:
        case "say":
            return kind, draw(st.sampled_from(WORDS) | st.text(max_size=20).map(lambda text: clean(text)[0]))
        case "press":
            return kind, draw(st.integers(0, 20))
        case "go":
            return kind, draw(st.sampled_from(HOLDS_AT_ANY_TIME))
        case "old":
            return kind, draw(st.sampled_from(("0:back", "1:=5", "2:send", "nonsense", "7:", ":", "-1:skip")))
        case "photo":
            return kind, draw(st.sampled_from((Media(blob=7), Media(ref="f1"), Media(ref="f2"))))
        case "start":
            return kind, draw(st.sampled_from(("", "ks_moi_loai", "khac")))
        case "other":
            return kind, draw(st.sampled_from(("location", "contact", "voice", "unsupported")))
        case "media":
            ref, ready_now = draw(st.sampled_from(("f1", "f2", ""))), draw(st.booleans())
            return kind, Media(ref=ref, blob=9) if ready_now and ref else Media(ref=ref, reason="photo.too_big")
        case _:
            return kind, draw(st.sampled_from(("wave.closed", "wave.took_part", "code.taken", "act.text_long")))


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
        case "other", "location" | "contact" | "voice" | "unsupported" as other:
            citizen.send(other)
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
        assert all(part.strip() and utf16_length(part) <= MAX_TEXT for part in split(bubble.text))
        for button in bubble.buttons:
            assert button.id.isascii()
            assert 1 <= len(button.id.encode()) <= 64
            assert button.label.strip()
        digits = [button.digit for button in bubble.buttons if button.digit]
        assert len(digits) == len(set(digits))
    for act in citizen.opened:
        accepted = decide(None, act, Actor(kind=CITIZEN, unit=1), today=day_of(NOW))
        assert not isinstance(accepted, Refusal), accepted
        assert not act.anonymous or not (act.name or act.phone)
    assert dump(load(dump(citizen.state))) == dump(citizen.state)


@settings(max_examples=150, deadline=None)
@given(st.lists(deeds(), max_size=40))
@example([("say", "Đường vào thôn ngập nước ba hôm nay."), ("say", "quay lại")])
@example([("photo", Media(ref="f1")), ("say", "3"), ("say", "1"), ("media", Media(ref="f1", reason="photo.too_big"))])
@example([("photo", Media(ref="f1")), ("say", "quay lại"), ("media", Media(ref="f1", reason="photo.too_big"))])
def test_any_sequence_is_answered_and_never_raises(doings: list[tuple[str, object]]) -> None:
    desk = MemoryDesk()
    desk.open_survey(every_kind())
    desk.open_survey(ready("sau_thu_tuc"))
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
    for word in ("2", "1", "Đèn hỏng.", "không", "Mai", "1"):
        citizen.say(word)
        numbers.append(citizen.messages[-1].nonce)
    assert numbers == sorted(set(numbers))
    assert all(isinstance(effect, Say) for effect in citizen.effects)
