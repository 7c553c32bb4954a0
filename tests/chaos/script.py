"""What the citizens of the chaos say: each answers the survey, brings a case, asks to meet, and looks it up."""

from bot.conversation.messages import Inbound

_SURVEY = ("5", "viec thu nhat", "1, 2", "3", "9", "có", "Góp ý của người số {who}: nhanh hơn 🙂", "mau {village}")
_CASE = ("gui phan anh", "viec khac", "Rác ở ngõ số {who}, chưa ai thu gom.", "bo qua", "mau 4", "1")
_MEETING = (
    "de nghi gap doi thoai voi lanh dao",
    "1",
    "Đất của nhà số {who}",
    "mau 5",
    "{name}",
    "0912 345 6{who:02d}",
    "bo qua",
    "1",
)
_LOOK = ("xem ket qua tra loi", "VL-2026-AAAAAA-A", "menu")
_NAMES = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
LINES = (*_SURVEY, *_CASE, *_MEETING, *_LOOK)


def events(persons: list[str], account: int, at: int) -> list[Inbound]:
    """Everything that is said, each person's words in their order; the platform's update ids as dedupe keys."""
    said: list[Inbound] = []
    for who, person in enumerate(persons):
        said.append(_event(account, person, 0, at, source="ks_mau"))
        for number, line in enumerate(LINES, start=1):
            name = f"Lò Thị {_NAMES[who % len(_NAMES)]}"
            text = line.format(who=who, village=who % 2 + 1, name=name)
            said.append(_event(account, person, number, at, text=text))
    return said


def _event(account: int, person: str, number: int, at: int, *, source: str = "", text: str = "") -> Inbound:
    return Inbound(
        channel="telegram",
        channel_account=account,
        dedupe_key=f"u{person}-{number}",
        person=person,
        kind="text" if text else "start",
        text=text,
        source=source,
        at=at,
    )
