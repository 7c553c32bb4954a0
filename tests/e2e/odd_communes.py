"""Communes that a report must bear: very many villages, one alone, names without end, people of one mind."""

from datetime import date
from random import Random

from msgspec.structs import replace

from reports.source import AskedSurvey, CaseLine, Unit
from surveys.definition import Answer, Kind, Question
from surveys.ready import ready
from tests.unit.report_source import COMMUNE, Answered, MemorySource, _answer

LONG_NAME = "Tổ dân phố số 12 khu tái định cư Đồng bào các dân tộc vùng lòng hồ thủy điện Nậm Chiến giai đoạn hai"
ENDLESS = "Nghĩa" * 30
WORDS_OF_3000 = " ".join(["bà con đề nghị làm lại con đường vào bản"] * 300)


def commune(names: list[str], *, per_village: int = 7, level: int | None = None) -> MemorySource:
    """A quarter of answers from each of the villages; `level` is what everybody says to everything, or chance."""
    rng, survey = Random(3), ready("chinh_quyen_than_thien")
    units = tuple(Unit(id=100 + at, name=name) for at, name in enumerate(names))
    source = MemorySource(
        surveys=[AskedSurvey(version=7, survey=survey, kind="open", number=1)],
        place=replace(COMMUNE, villages=units),
    )

    def said(question: Question, village: int) -> Answer:
        return level if level is not None and question.kind is Kind.LIKERT5 else _answer(rng, question, village)

    for unit in units:
        for _ in range(per_village):
            source.answered.append(
                Answered(
                    version=7,
                    day=date(2026, rng.randint(7, 9), rng.randint(1, 28)),
                    village=unit.id,
                    channel="webchat",
                    answers={question.id: said(question, unit.id) for question in survey.questions},
                )
            )
        opened = date(2026, rng.randint(7, 9), rng.randint(1, 28))
        source.lines.append(
            CaseLine(kind="feedback", category="roads", village=unit.id, opened=opened, answered=date(2026, 9, 29))
        )
    return source
