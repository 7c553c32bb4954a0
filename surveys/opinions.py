"""Opinions on a draft and the commune's answers to them, as a sheet that an officer fills in and hands back.

Luật Thực hiện dân chủ ở cơ sở (10/2022/QH15) asks for what people said to be gathered, taken up or explained, and made
public; the verdicts are the three words of that table.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from surveys.definition import Survey
from surveys.faults import Fault, Place, SurveyFaults
from surveys.sheets.grid import Sheet
from vietnam.text import fold_words

SHEET = "Ý kiến"
HEADINGS = ("Mã", "Câu hỏi", "Ý kiến", "Ý kiến công khai", "Kết quả", "Giải trình")
MAX_TEXT = 4_000
_TO_FILL = "[Cán bộ ghi"


def unfilled(survey: Survey) -> list[Fault]:
    """Where a ready questionnaire still says "[Cán bộ ghi: ...]": it is not to be shown to citizens like that."""
    texts = {"title": survey.title, "intro": survey.intro, "thanks": survey.thanks}
    found = [Fault("unfilled", Place(key=key), {"mark": _TO_FILL}) for key, text in texts.items() if _TO_FILL in text]
    for number, question in enumerate(survey.questions, start=1):
        if _TO_FILL in question.text:
            found.append(Fault("unfilled", Place(question=number, id=question.id), {"mark": _TO_FILL}))
    return found


class Verdict(StrEnum):
    """Tiếp thu · tiếp thu một phần · giải trình (why it is not taken up)."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    EXPLAINED = "explained"


LABELS = {Verdict.ACCEPTED: "Tiếp thu", Verdict.PARTLY: "Tiếp thu một phần", Verdict.EXPLAINED: "Giải trình"}
_BY_LABEL = {fold_words(label): verdict for verdict, label in LABELS.items()}


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """One text of one released answer; `public` is how it is to be published, names taken out by an officer."""

    response: int
    question: str
    text: str
    public: str
    verdict: str = ""
    explanation: str = ""

    @property
    def key(self) -> str:
        """What stands in the first column and brings the line back to its opinion."""
        return f"{self.response:x}-{self.question}"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be published for an opinion."""

    response: int
    question: str
    public: str
    verdict: Verdict
    explanation: str


def lines(opinions: Sequence[Opinion], texts: dict[str, str]) -> list[tuple[str, ...]]:
    """The rows of the sheet below its headings; `texts` are the questions by id."""
    return [
        (
            one.key,
            texts.get(one.question, one.question),
            one.text,
            one.public,
            LABELS[Verdict(one.verdict)] if one.verdict else "",
            one.explanation,
        )
        for one in opinions
    ]


def read_lines(sheet: Sheet, opinions: Sequence[Opinion], name: str) -> list[Reply]:
    """The answers in a sheet that was filled in; lines without a verdict are left for later.

    SurveyFaults with every fault by cell: a code that is no opinion of this wave, a code twice, a verdict that is none
    of the three, an explanation that is missing, a heading that is gone.
    """
    header = next((n for n, row in sheet.rows.items() if {HEADINGS[0], HEADINGS[4]} <= set(row)), None)
    if header is None:
        raise SurveyFaults(name, [Fault("opinions.headings", sheet.place(), {"headings": ", ".join(HEADINGS)})])
    columns = {heading: column for column, heading in enumerate(sheet.rows[header], start=1) if heading in HEADINGS}
    gone = [heading for heading in HEADINGS[3:] if heading not in columns]
    if gone:
        raise SurveyFaults(name, [Fault("opinions.heading", sheet.place(header), {"heading": one}) for one in gone])
    known = {one.key: one for one in opinions}
    replies: dict[str, Reply] = {}
    faults: list[Fault] = []
    for number in sorted(row for row in sheet.rows if row > header):
        cells = {heading: sheet.cell(number, column).strip() for heading, column in columns.items()}
        if not cells["Mã"] or not cells["Kết quả"]:
            continue
        wrong = _wrong(cells, known, replies)
        if wrong is not None:
            heading, code, params = wrong
            faults.append(Fault(code, sheet.place(number, columns[heading]), params))
            continue
        one = known[cells["Mã"]]
        replies[one.key] = Reply(
            response=one.response,
            question=one.question,
            public=cells["Ý kiến công khai"],
            verdict=_BY_LABEL[fold_words(cells["Kết quả"])],
            explanation=cells["Giải trình"],
        )
    if faults:
        raise SurveyFaults(name, faults)
    return list(replies.values())


def _wrong(
    cells: Mapping[str, str], known: Mapping[str, Opinion], before: Mapping[str, Reply]
) -> tuple[str, str, dict[str, str]] | None:
    """The first thing wrong in a line: its heading, the fault's code and parameters; None where all is well."""
    key, said, public, why = (cells[heading] for heading in ("Mã", "Kết quả", "Ý kiến công khai", "Giải trình"))
    verdict = _BY_LABEL.get(fold_words(said))
    if key not in known:
        return "Mã", "opinions.unknown", {"found": key[:40]}
    if key in before:
        return "Mã", "opinions.twice", {"found": key[:40]}
    if verdict is None:
        return "Kết quả", "opinions.verdict", {"found": said[:40], "known": ", ".join(LABELS.values())}
    if verdict is not Verdict.ACCEPTED and not why:
        return "Giải trình", "opinions.explain", {}
    if not public or max(len(public), len(why)) > MAX_TEXT:
        return "Ý kiến công khai", "opinions.public", {"most": str(MAX_TEXT)}
    return None
