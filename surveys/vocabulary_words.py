"""The shape of a vocabulary: which groups of words a language has for the answers of a questionnaire."""

import msgspec


class DayWords(msgspec.Struct, frozen=True, kw_only=True):
    """How a day is said. Single words and phrases; weekdays count from Monday as 0."""

    days: dict[str, int]
    """Phrases for a day, as days from today ("hôm qua": -1)."""
    ago: tuple[str, ...]
    """After "3 ngày": so many days before today."""
    since: tuple[str, ...]
    """Before "3 ngày": so many days before today."""
    ahead: tuple[str, ...]
    """After "3 ngày": so many days after today."""
    unit: tuple[str, ...]
    """The word for a day in "3 ngày trước"."""
    weekdays: dict[str, int]
    weeks: dict[str, int]
    """Phrases for a week, as weeks from this one."""
    last: tuple[str, ...]
    """After a weekday: the last one before today."""
    next: tuple[str, ...]
    """After a weekday: the next one after today."""
    day: tuple[str, ...]
    """Words before the number of a day ("ngày", "mùng")."""
    month: tuple[str, ...]
    year: tuple[str, ...]
    months: dict[str, int]
    """Phrases for a month, as months from this one."""
    years: dict[str, int]
    lunar: tuple[str, ...]
    """Words that make a day one of the lunar calendar."""
    solar: tuple[str, ...]
    """Words that say it is the ordinary calendar, and change nothing."""
    before: tuple[str, ...]
    """Words that may stand before a day or a time and change nothing ("vào", "lúc")."""


class TimeWords(msgspec.Struct, frozen=True, kw_only=True):
    """How a time of day is said."""

    hour: tuple[str, ...]
    minute: tuple[str, ...]
    half: tuple[str, ...]
    less: tuple[str, ...]
    """Before minutes that are taken from the hour ("9 giờ kém 15")."""
    parts: dict[str, dict[int, int]]
    """Parts of the day: which hour each spoken hour is ("chiều": 3 is 15)."""
    exact: dict[str, str]
    """Phrases that are a time by themselves ("nửa đêm": "00:00")."""


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Typed phrases of one language, written with accents; typed without any they match as well."""

    likert: dict[int, tuple[str, ...]]
    """Phrases that surely mean a scale value, beside its label."""
    lukewarm: dict[tuple[int, ...], tuple[str, ...]]
    """Phrases that could mean two or three scale values: asked back with these."""
    yes: tuple[str, ...]
    no: tuple[str, ...]
    not_yet: tuple[str, ...]
    """Those of `no` that mean not yet: no answer to a plain choice of yes and no."""
    yes_or_no: tuple[str, ...]
    """Phrases that say both ("lúc có lúc không"), or could be either ("o" is "ờ" and, as a nought, "không")."""
    asks: tuple[str, ...]
    """Words of a question behind which stands what is asked ("Ông/Bà có ... không?")."""
    asides: tuple[str, ...]
    """Words of a question that begin something beside what is asked ("... khi trễ hẹn")."""
    acknowledged: tuple[str, ...]
    not_acknowledged: tuple[str, ...]
    skip: tuple[str, ...]
    unknowing: tuple[str, ...]
    """Phrases for having no opinion or not knowing: the choice that says so, where there is one."""
    short: dict[str, str]
    """Short forms and slips of one word, read as the words they stand for (where it is no yes/no question)."""
    before: tuple[str, ...]
    """Polite words that may stand before an answer and change nothing."""
    after: tuple[str, ...]
    """Polite words that may stand after an answer and change nothing."""
    never: tuple[str, ...]
    """Words after "chưa" or "không" that change nothing ("bao giờ", "lần nào")."""
    none_of: tuple[str, ...]
    """After "không" and a unit: nought ("không lần nào")."""
    number_before: tuple[str, ...]
    number_after: tuple[str, ...]
    grades: tuple[str, ...]
    """Words of marks as at school or of stars: 0 and 9 beside them are no printed choices."""
    stars: tuple[str, ...]
    """After a number: stars of five, whatever the scale."""
    above: tuple[str, ...]
    """Before a number in a label: more than that ("Trên 3 lần")."""
    from_on: tuple[str, ...]
    """Before a number in a label: that or more ("Từ 3 lần trở lên")."""
    both: tuple[str, ...]
    """The word between two choices that are both meant ("1 và 3")."""
    either: tuple[str, ...]
    """Words between two answers of which one is meant ("4 hoặc 5")."""
    upto: tuple[str, ...]
    """Words between the ends of a span ("3 đến 4")."""
    then: tuple[str, ...]
    """Words between places of a rank."""
    weighty: tuple[str, ...]
    """Words that turn a meaning round or change its degree: typed and label must hold the same ones."""
    negations: tuple[str, ...]
    """Words that deny, with all their short forms: where one stands, nothing affirmative is read."""
    numbers: dict[str, int]
    tens: tuple[str, ...]
    """The word that makes tens ("mươi"), and words for ten of something ("chục")."""
    twenties: dict[str, int]
    """Contracted tens ("hăm": 20)."""
    ones: dict[str, int]
    """Last digits that are said differently after tens ("mốt", "lăm", "tư")."""
    half: tuple[str, ...]
    """After a number: and a half."""
    magnitudes: dict[str, int]
    """Words that multiply a number ("triệu"): asked back, since the unit may be meant already."""
    unsure: tuple[str, ...]
    """Unaccented words that could be a number or something else ("tam": tám or tạm)."""
    thumbs_up: tuple[str, ...]
    thumbs_down: tuple[str, ...]
    glad: tuple[str, ...]
    sad: tuple[str, ...]
    """Emoji. A thumb answers yes or no; all four only point a way on the scale."""
    days: DayWords
    times: TimeWords
