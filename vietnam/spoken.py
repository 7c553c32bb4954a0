"""Numbers, days and hours as they are read aloud, for a text that somebody reads over a loudspeaker.

Northern and official usage: "linh" for a missing ten, "mốt", "tư", "lăm" after a ten, "mùng" for the first ten days.
"""

import re
from datetime import date

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
"""By date.weekday()."""
_SCALES = ("", "nghìn", "triệu", "tỷ")
_MOST = 10**12
_AFTER_TEN = {1: "mốt", 4: "tư", 5: "lăm"}
_APRIL = 4
_FIRST_DAYS = 10


def number_aloud(value: int) -> str:
    """A whole number from 0 to 999.999.999.999 in words; ValueError beyond."""
    if not 0 <= value < _MOST:
        raise ValueError(f"{value} is not read aloud here")
    if value < len(DIGITS):
        return DIGITS[value]
    groups = []
    while value:
        value, group = divmod(value, 1_000)
        groups.append(group)
    said = []
    for place in reversed(range(len(groups))):
        if groups[place]:
            # A group behind another is read with its hundred even where that is 0: "hai nghìn không trăm hai mươi".
            said += [_hundreds(groups[place], full=place < len(groups) - 1), _SCALES[place]]
    return " ".join(word for word in said if word)


def _hundreds(value: int, *, full: bool) -> str:
    hundreds, rest = divmod(value, 100)
    said = [f"{DIGITS[hundreds]} trăm"] if hundreds or full else []
    tens, ones = divmod(rest, 10)
    if tens == 0 and ones:
        said.append(f"linh {DIGITS[ones]}" if said else DIGITS[ones])
    elif tens == 1:
        said.append("mười" + (f" {'lăm' if ones == 5 else DIGITS[ones]}" if ones else ""))
    elif tens:
        said.append(f"{DIGITS[tens]} mươi" + (f" {_AFTER_TEN.get(ones, DIGITS[ones])}" if ones else ""))
    return " ".join(said)


def date_aloud(day: date) -> str:
    """A day with its weekday: "thứ Tư, ngày mùng hai tháng mười hai năm hai nghìn không trăm hai mươi sáu"."""
    month = "tư" if day.month == _APRIL else number_aloud(day.month)
    early = "mùng " if day.day <= _FIRST_DAYS else ""
    return f"{WEEKDAYS[day.weekday()]}, ngày {early}{number_aloud(day.day)} tháng {month} năm {number_aloud(day.year)}"


def clock_aloud(hour: int, minute: int) -> str:
    """A time of day: "bảy giờ ba mươi phút sáng", by the clock of 24 hours."""
    part = next(name for name, until in _PARTS if hour < until)
    shown = hour if hour <= _NOON else hour - _NOON
    minutes = f" {number_aloud(minute)} phút" if minute else ""
    return f"{number_aloud(shown)} giờ{minutes} {part}"


_NOON = 12
_PARTS = (("sáng", 11), ("trưa", 13), ("chiều", 18), ("tối", 24))


def digits_aloud(text: str) -> str:
    """A telephone number digit by digit, with a pause (comma) where it is written with a space, else after three."""
    groups = ["".join(one for one in part if one.isascii() and one.isdigit()) for part in text.split()]
    groups = [group for group in groups if group]
    if len(groups) == 1:
        whole = groups[0]
        # No lone digit at the end: it would be lost.
        at = range(0, len(whole) - 1, _GROUP) if len(whole) % _GROUP == 1 else range(0, len(whole), _GROUP)
        groups = [whole[one : one + _GROUP] if one != at[-1] else whole[one:] for one in at] or groups
    return ", ".join(" ".join(DIGITS[int(one)] for one in group) for group in groups)


_GROUP = 3
_SHORT = {
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "MTTQ": "Mặt trận Tổ quốc",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "NVH": "Nhà văn hóa",
    "VH": "văn hóa",
    "PVHCC": "Phục vụ hành chính công",
    "TTHC": "thủ tục hành chính",
    "TP": "thành phố",
    "TX": "thị xã",
    "TDP": "tổ dân phố",
    "KP": "khu phố",
    "KDC": "khu dân cư",
    "HTX": "hợp tác xã",
    "THCS": "trung học cơ sở",
    "THPT": "trung học phổ thông",
    "GPMB": "giải phóng mặt bằng",
    "BHYT": "bảo hiểm y tế",
    "BHXH": "bảo hiểm xã hội",
    "NTM": "nông thôn mới",
    "ANTT": "an ninh trật tự",
    "KTXH": "kinh tế xã hội",
    "ATGT": "an toàn giao thông",
    "VSMT": "vệ sinh môi trường",
    "QSDĐ": "quyền sử dụng đất",
    "QL": "quốc lộ",
    "TL": "tỉnh lộ",
    "ĐT": "đường tỉnh",
    "ĐH": "đường huyện",
    "km": "ki lô mét",
    "ha": "héc ta",
}
"""Only as written here: "ha" is no word, "Hà" is."""
_SPELT = (
    (re.compile(r"\b[Đđ]/c\b"), "đồng chí"),
    (re.compile(r"\bKT-XH\b"), "kinh tế, xã hội"),
    (re.compile(r"\b(TP|TX|TDP|KP|QL|TL)\.\s*"), r"\1 "),
    (re.compile(r"\bP\.\s*(?=[^\W\d])"), "phòng "),
    (re.compile(r"\b[Kk][Mm](?=\s?\d|\b)\s?"), "km "),
    # "QL1A", "ĐT601": a road, its number, its letter.
    (re.compile(r"\b(QL|TL|ĐT|ĐH)\s?(\d+)([A-ZĐ]?)\b"), r"\1 \2 \3"),
    # "km 12+500" is twelve kilometres and five hundred metres.
    (re.compile(r"(?<=\d)\+(?=\d)"), " cộng "),
    (re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=[^\W_])/(?=[^\W_])"), " trên "),
)
"""What is longer or shorter than a word, before the words are looked at; "5/12" is a house in a lane."""
_WORD = re.compile(r"\d{1,9}|[^\W\d]+")


def text_aloud(text: str) -> str:
    """A place, a name or a matter with the usual abbreviations and whole numbers as they are read."""

    def said(found: re.Match[str]) -> str:
        word = found[0]
        return number_aloud(int(word)) if word.isascii() and word.isdecimal() else _SHORT.get(word, word)

    for written, spelt in _SPELT:
        text = written.sub(spelt, text)
    return " ".join(_WORD.sub(said, text).split()).replace(" ,", ",").replace(" .", ".")
