"""The pictures and voices among the answers of a survey."""

from collections.abc import Mapping

from surveys.definition import Answer, Kind, Survey

_BLOB = "blob:"
_SENT = frozenset({Kind.PHOTO, Kind.VOICE})


def media_of(survey: Survey, answers: Mapping[str, Answer]) -> list[int]:
    """Their blobs, in the order of the questions."""
    sent = [str(answers.get(question.id) or "") for question in survey.questions if question.kind in _SENT]
    return [int(answer.removeprefix(_BLOB)) for answer in sent if answer]
