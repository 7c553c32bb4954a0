"""The words that lead somewhere from any place: with a slash, without accents, at the menu only."""

import unicodedata

from bot.conversation.context import BACK, DROP, HELP, MENU, SKIP, STOP
from bot.conversation.joining import JOIN, PART
from bot.conversation.speaking import LANGUAGE
from bot.conversation.subscribing import NOTICES, OPT_IN, OPT_OUT

SESSION = "dt_"
"""What the link to a session begins with; its id follows."""
_COMMANDS = {
    MENU: ("menu", "/menu", "/start", "ve menu"),
    HELP: ("tro giup", "/tro_giup", "/help", "help"),
    "go:track": ("/tra_cuu",),
    "go:privacy": ("/rieng_tu",),
    "go:hen": ("/dat_lich",),
    NOTICES: ("/thong_bao",),
    "go:ask": ("/hoi_xa",),
    "go:data": ("/dulieu", "/du_lieu"),
    "go:data.erase": ("/xoa",),
    "go:data.withdraw": ("/rut_dong_y",),
    "go:data.correct": ("/sua_du_lieu",),
    OPT_OUT: ("/dung", "/stop"),
    OPT_IN: ("/nhan_tin",),
    LANGUAGE: ("/ngon_ngu", "ngon ngu", "language", "/language"),
    STOP: ("/huy",),
    JOIN: ("/noi_kenh", "noi kenh"),
    PART: ("/tach_kenh", "tach kenh"),
    BACK: ("quay lai", "/quay_lai"),
    SKIP: ("/bo_qua",),
}
_SOFT_COMMANDS = {
    HELP: ("giup toi", "huong dan"),
    "go:track": ("tra cuu", "phan anh cua toi"),
    "go:privacy": ("rieng tu", "quyen rieng tu"),
    "go:data": ("du lieu cua toi", "xem du lieu", "xem du lieu cua toi", "thong tin cua toi"),
    "go:data.erase": ("xoa du lieu", "xoa du lieu cua toi", "xoa thong tin cua toi", "xoa het du lieu"),
    "go:data.withdraw": ("rut dong y", "rut lai dong y", "rut su dong y", "rut lai su dong y"),
    "go:data.correct": (
        "bao du lieu co cho sai",
        "sua du lieu",
        "sua du lieu cua toi",
        "du lieu sai",
        "sua thong tin cua toi",
    ),
    "go:ask": ("hoi xa", "hoi phuong", "gio lam viec", "lich tiep cong dan", "lich tiep dan"),
    "go:hen": (
        "dat lich",
        "dat lich hen",
        "dat lich gap lanh dao",
        "dang ky gap lanh dao",
        "tiep cong dan",
        "tiep dan",
        "lich doi thoai",
        "dang ky doi thoai",
        "dang ky lich",
        "dang ky tiep dan",
        "dang ky tiep cong dan",
    ),
    NOTICES: ("nhan thong bao", "nhan thong bao cua thon", "dang ky thong bao", "thong bao cua thon"),
    "go:hen.toi": ("lich cua toi", "lich hen cua toi", "lich hen", "xem lich hen"),
    MENU: ("thuc don",),
    BACK: ("lui lai", "tro lai", "sua", "sua lai", "sua cau truoc"),
}
"""Words that may as well be an answer ("hướng dẫn" is what somebody wants more of): the open question goes first."""
_LEAVING = {
    STOP: (
        "dung lai", "dung tra loi", "thoi khong lam nua", "khong lam nua", "khong tra loi nua", "thoi di", "thoi nhe",
        "thoi khong tra loi nua", "khong muon tra loi nua", "toi khong tra loi nua", "khong lam tiep",
        "khong tra loi tiep", "thoi dung lai",
    ),
    DROP: (
        "xoa phieu", "huy phieu", "xoa phieu di", "xoa cau tra loi", "khong gui nua", "thoi khong gui",
        "thoi khong gui nua", "khong gui phieu", "khong gui phieu nua", "dung gui phieu",
    ),
    MENU: (
        "de luc khac", "luc khac", "de khi khac", "khi khac", "luc khac lam", "luc khac tra loi", "toi dang ban",
        "dang ban", "ban roi", "toi ban roi", "gio toi ban", "de mai", "mai tra loi", "de toi lam sau",
    ),
    BACK: (
        "nham", "nham roi", "toi nham", "bam nham", "toi bam nham", "chon nham", "toi chon nham", "go nham",
        "ghi sai roi", "ghi nham roi",
    ),
}  # fmt: skip
"""Words that are hardly an answer in free words: there the person is asked which it is."""
_BY_WORD = {word: command for command, words in _COMMANDS.items() for word in words}
_BY_LEAVING_WORD = {word: command for command, words in _LEAVING.items() for word in words}
_BY_SOFT_WORD = _BY_LEAVING_WORD | {word: command for command, words in _SOFT_COMMANDS.items() for word in words}
_WITH_ACCENTS = dict.fromkeys(("dừng", "hủy", "huỷ", "thôi", "thoát"), STOP)
"""Without accents these would be "đúng", a man called Huy, or a stench: then only the slash or the button counts."""
_OPT_OUT_WORDS = frozenset(
    {
        "khong nhan tin nua", "dung nhan tin", "ngung nhan tin", "thoi nhan tin", "huy nhan tin", "tu choi nhan tin",
        "khong nhan tin", "toi khong nhan tin nua", "toi khong muon nhan tin nua", "khong muon nhan tin nua",
        "dung nhan tin nua", "dung gui tin nua", "dung gui nua", "khong gui tin nua", "dung lam phien", "stop",
        "ngung gui tin", "khong muon nhan tin", "dung nhan nua", "khong nhan thong bao nua", "khong nhan thu moi nua",
        "khong nhan thong bao", "dung nhan thong bao", "dung thong bao",
    }
)  # fmt: skip
"""Folded "dung nhan" is "đừng nhắn" and "dừng nhận": both mean it."""
_OPT_IN_WORDS = frozenset(
    {"nhan tin", "nhan tin tro lai", "nhan lai tin", "muon nhan tin", "toi muon nhan tin", "nhan tin lai"}
)


_STOP_WORDS = frozenset(
    {
        "thoi", "dung", "huy", "bo", "bỏ", "thoat", "thoi bo", "thôi bỏ", "bo di", "bỏ đi", "không gửi nữa",
        "thôi không gửi", "thôi không gửi nữa", "khong gui nua", "thoi khong gui", "thoi khong gui nua",
    }
)  # fmt: skip
"""What nobody says who wants to go on, as it is typed: "đúng" and "Dũng" are no "dung"."""


def stop_word(text: str) -> str:
    """A word of stopping that is the whole message, in small letters; "" for anything else."""
    typed = " ".join(unicodedata.normalize("NFC", text).lower().strip(" .!?,…").split())
    return typed if typed in _STOP_WORDS else ""


def firm(text: str, said: str) -> str:
    """The command that words are wherever they stand, or ""; `said` is the text folded."""
    return _BY_WORD.get(said) or _WITH_ACCENTS.get(text.strip(" .!").lower()) or ""


def soft(said: str) -> str:
    """The command that folded words are where the open question cannot take them, or ""."""
    return _BY_SOFT_WORD.get(said, "")


def hardly_answer(said: str) -> str:
    """The command that folded words most likely are at a question in free words too, or ""."""
    return _BY_LEAVING_WORD.get(said) or of_invitations(said)


def of_invitations(said: str) -> str:
    """What is said of invitations and reminders: OPT_OUT, OPT_IN or ""."""
    if said in _OPT_OUT_WORDS:
        return OPT_OUT
    return OPT_IN if said in _OPT_IN_WORDS else ""
