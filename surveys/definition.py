"""What a survey is: the values that a survey file is read into, and that a frozen version is stored as.

A survey is stored flat: what an author writes short (a matrix, "Khác (ghi rõ)", a text in several languages) is written
out when the file is read (`surveys.reading`), so that asking, counting and printing know plain questions only.
"""

from enum import StrEnum

import msgspec

from surveys.waves import Owner


class Kind(StrEnum):
    """How a question is answered; the names are those of the survey file."""

    LIKERT5 = "likert5"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RANK = "rank"
    NUMBER = "number"
    DECIMAL = "decimal"
    RANGE = "range"
    TEXT = "text"
    NPS = "nps"
    YESNO = "yesno"
    DATE = "date"
    TIME = "time"
    PHOTO = "photo"
    VOICE = "voice"
    PLACE = "place"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    CALCULATED = "calculated"


SILENT = frozenset({Kind.NOTE, Kind.CALCULATED})
"""Kinds that ask for no answer: a note is shown and passed, a calculated value is never shown."""
TELLING = frozenset({Kind.PHOTO, Kind.VOICE, Kind.PLACE})
"""Kinds whose answers tell who gave them: not in an anonymous survey."""


class Privacy(StrEnum):
    """What is promised to whoever answers (docs/decisions: anonymity shapes the schema)."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    NAMED = "named"


NO_OPINION = 0
"""likert5: "Không có ý kiến", printed 0; out of every denominator."""
NOT_APPLICABLE = 9
"""likert5: "Không áp dụng", printed 9; out of every denominator and counted apart from NO_OPINION."""

Answer = int | float | str | tuple[str, ...] | None
"""likert5 1-5, 0 or 9; nps 0-10; number int; decimal and range int or float; single a choice id; yesno "yes" or "no";
multiple a tuple of choice ids in the order of the file; rank a tuple of all choice ids, the first first; text a str;
date "2026-11-21"; time "08:30"; photo and voice "blob:<id>"; place "<latitude>,<longitude>" in degrees (WGS 84);
acknowledge "yes"; calculated a number or a str; None where the person skipped."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One choice of a single, multiple or rank question.

    `exclusive` clears the others ("Không có việc nào"); `other` is "Khác (ghi rõ)": the question written out after it
    (`Question.other_of`) asks for the words. `show_if` (XLSForm's choice_filter) offers it only then. `number` is the
    digit printed before it, whatever else is offered; 0 stands for its place in the list.
    """

    id: str
    text: str
    exclusive: bool = False
    other: bool = False
    show_if: str = ""
    number: int = 0


class Factor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of likert5 questions whose mean is reported ("Thủ tục hành chính")."""

    id: str
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question. `not_applicable` is the label of answer 9, or empty where 9 is not offered.

    `min` and `max` bound the value (number, decimal, range, date as days is not bounded here), the length of a text in
    characters, or how many choices of a multiple; `step` is the distance between two values of a range.
    `constraint` is an expression over `answer` (the value just given) and earlier answers that must hold, and
    `constraint_message` what is said where it does not. `value` is the expression of a calculated one.
    """

    id: str
    kind: Kind
    text: str
    hint: str = ""
    factor: str = ""
    required: bool = False
    show_if: str = ""
    choices: tuple[Choice, ...] = ()
    no_opinion: bool = True
    not_applicable: str = ""
    min: float | None = None
    max: float | None = None
    step: float | None = None
    overall: bool = False
    constraint: str = ""
    constraint_message: str = ""
    value: str = ""
    audio: str = ""
    """Name of an audio file beside the survey file, played with the question."""
    section: str = ""
    """Heading of the group that this question belongs to, shown above the first question of it that is asked."""
    matrix: str = ""
    """The id of the matrix that this question was an item of; its items stand one after the other."""
    stem: str = ""
    """The text of that matrix, shown above the item."""
    other_of: str = ""
    """The id of the question whose "Khác (ghi rõ)" asks for this text."""


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole questionnaire, already checked: ids are unique and every expression can be evaluated.

    `translations` holds, for every language beside `language`, texts by their place: "title", "intro", "thanks",
    "factors.<id>", "questions.<id>.text" (.hint, .not_applicable, .constraint_message, .section, .stem, .audio),
    "questions.<id>.choices.<choice id>". What is missing there is said in `language`.
    """

    owner: Owner = Owner.COMMITTEE
    """Who asks: no key of a file, but whoever writes or publishes it. It stands first, where a store tells it at a
    glance (`storage.survey_sides`); what the People's Committee asks is stored without it."""
    id: str
    title: str
    questions: tuple[Question, ...]
    language: str = "vi"
    intro: str = ""
    thanks: str = ""
    source: str = ""
    index: str = ""
    """How the index of this questionnaire is computed, in one sentence for reports and for the printed form."""
    print_note: str = ""
    """A line at the end of the printed form and of reports, not said in chat ("Phiếu tham khảo, ...")."""
    document: str = ""
    """Name of a PDF beside the survey file that opinions are asked on ("lấy ý kiến"); the summary is `intro`."""
    privacy: Privacy = Privacy.ANONYMOUS
    factors: tuple[Factor, ...] = ()
    translations: dict[str, dict[str, str]] = {}
    inserted: dict[str, dict[str, str]] = {}
    """Texts of questions that show an earlier answer, as they were written ("${ten} bao nhiêu tuổi?"), by language and
    place; the texts themselves, here and in `translations`, have "…" there (`surveys.piping`)."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The survey's own language, then the others by their tags."""
        return (self.language, *sorted(self.translations))

    def question(self, id: str) -> Question:
        """The question of that id; KeyError where there is none."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)
