"""What a survey is: the values that a survey file is read into, and that a frozen version is stored as."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """How a question is answered; the names are those of the survey file."""

    LIKERT5 = "likert5"
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"
    NPS = "nps"
    YESNO = "yesno"
    NOTE = "note"


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
"""likert5 1-5, 0 or 9; nps 0-10; number int or float; single a choice id; yesno "yes" or "no";
multiple a tuple of choice ids in the order of the file; text a str; None where the person skipped."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One choice of a single or multiple question; `exclusive` clears the others ("Không có việc nào")."""

    id: str
    text: str
    exclusive: bool = False


class Factor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of likert5 questions whose mean is reported ("Thủ tục hành chính")."""

    id: str
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. `not_applicable` is the label of answer 9, or empty where 9 is not offered."""

    id: str
    kind: Kind
    text: str
    factor: str = ""
    required: bool = False
    show_if: str = ""
    choices: tuple[Choice, ...] = ()
    no_opinion: bool = True
    not_applicable: str = ""
    min: float | None = None
    max: float | None = None
    overall: bool = False


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole questionnaire, already checked: ids are unique and every show_if can be evaluated."""

    id: str
    title: str
    questions: tuple[Question, ...]
    language: str = "vi"
    intro: str = ""
    thanks: str = ""
    source: str = ""
    privacy: Privacy = Privacy.ANONYMOUS
    factors: tuple[Factor, ...] = ()

    def question(self, id: str) -> Question:
        """The question of that id; KeyError where there is none."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)
