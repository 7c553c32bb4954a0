"""The words that lead somewhere from any place: with a slash, without accents, at the menu only."""

from bot.conversation.context import BACK, HELP, MENU, SKIP, STOP
from bot.conversation.speaking import LANGUAGE
from bot.conversation.subscribing import OPT_IN, OPT_OUT

_COMMANDS = {
    MENU: ("menu", "/menu", "/start", "ve menu"),
    HELP: ("tro giup", "/tro_giup", "/help", "help"),
    "go:track": ("/tra_cuu",),
    "go:privacy": ("/rieng_tu",),
    OPT_OUT: ("/dung", "/stop"),
    OPT_IN: ("/nhan_tin",),
    LANGUAGE: ("/ngon_ngu", "ngon ngu", "language", "/language"),
    STOP: ("/huy",),
    BACK: ("quay lai", "/quay_lai"),
    SKIP: ("/bo_qua",),
}
_SOFT_COMMANDS = {
    MENU: ("thuc don",),
    HELP: ("giup toi", "huong dan"),
    "go:track": ("tra cuu", "phan anh cua toi"),
    "go:privacy": ("rieng tu", "quyen rieng tu"),
    STOP: ("dung lai", "dung tra loi"),
    BACK: ("lui lai", "tro lai", "sua", "sua lai", "sua cau truoc"),
}
"""Words that may as well be an answer ("hướng dẫn" is what somebody wants more of): the open question goes first."""
_BY_WORD = {word: command for command, words in _COMMANDS.items() for word in words}
_BY_SOFT_WORD = {word: command for command, words in _SOFT_COMMANDS.items() for word in words}
_WITH_ACCENTS = dict.fromkeys(("dừng", "hủy", "huỷ", "thôi", "thoát"), STOP)
"""Without accents these would be "đúng", a man called Huy, or a stench: then only the slash or the button counts."""
_OPT_OUT_WORDS = frozenset(
    {
        "khong nhan tin nua", "dung nhan tin", "ngung nhan tin", "thoi nhan tin", "huy nhan tin", "tu choi nhan tin",
        "khong nhan tin", "toi khong nhan tin nua", "toi khong muon nhan tin nua", "khong muon nhan tin nua",
        "dung nhan tin nua", "dung gui tin nua", "dung gui nua", "khong gui tin nua", "dung lam phien", "stop",
        "ngung gui tin", "khong muon nhan tin", "dung nhan nua",
    }
)  # fmt: skip
"""Said at the menu. "dung nhan" folds "đừng nhắn" and "dừng nhận": both mean it."""
_OPT_IN_WORDS = frozenset({"nhan tin tro lai", "nhan lai tin", "muon nhan tin", "toi muon nhan tin", "nhan tin lai"})


def firm(text: str, said: str) -> str:
    """The command that words are wherever they stand, or ""; `said` is the text folded."""
    return _BY_WORD.get(said) or _WITH_ACCENTS.get(text.strip(" .!").lower()) or ""


def soft(said: str) -> str:
    """The command that folded words are where the open question cannot take them, or ""."""
    return _BY_SOFT_WORD.get(said, "")


def of_invitations(said: str) -> str:
    """What is said at the menu of invitations and reminders: OPT_OUT, OPT_IN or ""."""
    if said in _OPT_OUT_WORDS:
        return OPT_OUT
    return OPT_IN if said in _OPT_IN_WORDS else ""
