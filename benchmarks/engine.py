"""Answers a second through the pure step on one core, the state decoded from and encoded to JSON around every one.

Twelve questions of several kinds with conditions, answered by three people who are led different ways; the desk is in
memory, so nothing but the conversation is measured: reading the answer, keeping it, choosing and wording the next
question. The yardstick is SurveyJS (survey-core under node, one thread), which has the same survey, answers and skip
conditions, and is restored around every answer in the same run. It is installed by npm into a folder of the system's
temporary ones; where node, npm or the package is not to be had, that is said and its ratio left out.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.result import Measured, Outcome, hand_over, options
from bot.conversation.effects import Say, Submit
from bot.conversation.messages import Inbound, InboundKind
from bot.conversation.state import State, dump, load
from bot.conversation.step import step
from bot.turn import worded
from surveys.definition import Choice, Kind, Question, Survey
from tests.unit.desk import NOW, WORDING, MemoryDesk

PACKAGE = "survey-core"
_SCRIPT = Path(__file__).with_name("engine_surveyjs.js")
_CACHE = Path(tempfile.gettempdir()) / "nghedan-yardsticks" / PACKAGE
_AT_LEAST = 200.0
_WANTED = 17_000.0
_FLAT = 1.2


def _choices(*texts: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{number}", text=text) for number, text in enumerate(texts, start=1))


_ERRANDS = _choices("Hộ tịch, chứng thực", "Đất đai, xây dựng", "Chính sách, trợ cấp", "Chưa đến lần nào")
SURVEY = Survey(
    id="do",
    title="Phiếu đo tốc độ",
    questions=(
        Question(id="viec", kind=Kind.SINGLE, text="Ông/Bà đến làm việc gì?", choices=_ERRANDS, required=True),
        Question(id="don_tiep", kind=Kind.LIKERT5, text="Hài lòng về nơi đón tiếp?", show_if='viec != "c4"'),
        Question(id="thai_do", kind=Kind.LIKERT5, text="Hài lòng về thái độ?", show_if='viec != "c4"'),
        Question(id="tre_hen", kind=Kind.YESNO, text="Có bị trễ hẹn không?", show_if='viec != "c4"'),
        Question(id="vi_sao", kind=Kind.TEXT, text="Vì sao trễ hẹn?", show_if='tre_hen == "yes" and thai_do < 4'),
        Question(id="can_gi", kind=Kind.MULTIPLE, text="Cần thêm gì?", choices=_choices("Ghế ngồi", "Bảng chỉ dẫn")),
        Question(id="so_lan", kind=Kind.NUMBER, text="Đến mấy lần?", min=0, max=50),
        Question(id="ngay", kind=Kind.DATE, text="Lần gần nhất là ngày nào?", show_if="so_lan > 0"),
        Question(id="gioi_thieu", kind=Kind.NPS, text="Có khuyên người khác dùng không?"),
        Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung hài lòng thế nào?"),
        Question(id="lam_gi", kind=Kind.TEXT, text="Xã cần làm gì ngay?", show_if="chung <= 2 or gioi_thieu <= 6"),
        Question(id="gop_y", kind=Kind.TEXT, text="Góp ý thêm?"),
    ),
)
PEOPLE: tuple[tuple[tuple[str, str, Any], ...], ...] = (
    (
        ("viec", "1", "c1"),
        ("don_tiep", "hài lòng", 4),
        ("thai_do", "3", 3),
        ("tre_hen", "có", "yes"),
        ("vi_sao", "Cán bộ đi họp", "Cán bộ đi họp"),
        ("can_gi", "1, 2", ["c1", "c2"]),
        ("so_lan", "2", 2),
        ("ngay", "15/3/2026", "2026-03-15"),
        ("gioi_thieu", "6", 6),
        ("chung", "2", 2),
        ("lam_gi", "Thêm người", "Thêm người"),
        ("gop_y", "Thêm ghế ngồi", "Thêm ghế ngồi"),
    ),
    (
        ("viec", "chưa đến", "c4"),
        ("can_gi", "2", ["c2"]),
        ("so_lan", "0", 0),
        ("gioi_thieu", "9", 9),
        ("chung", "rat hai long", 5),
        ("gop_y", "Không có gì thêm", "Không có gì thêm"),
    ),
    (
        ("viec", "đất đai", "c2"),
        ("don_tiep", "5", 5),
        ("thai_do", "4", 4),
        ("tre_hen", "không", "no"),
        ("can_gi", "ghế ngồi", ["c1"]),
        ("so_lan", "1", 1),
        ("ngay", "1/9/2026", "2026-09-01"),
        ("gioi_thieu", "10", 10),
        ("chung", "5", 5),
        ("gop_y", "Cảm ơn cán bộ", "Cảm ơn cán bộ"),
    ),
)
"""What each person is asked, types, and means by it."""
_TYPIST = 1
_PRESSED = frozenset({Kind.SINGLE, Kind.LIKERT5, Kind.YESNO, Kind.NPS})


def _inbound(kind: InboundKind, **what: str) -> Inbound:
    return Inbound(channel="webchat", channel_account=1, dedupe_key="k", person="p", kind=kind, at=NOW, **what)  # type: ignore[arg-type]  # keywords by name


def begun(desk: MemoryDesk) -> bytes:
    """The stored state of somebody who came by the poster and is asked the first question."""
    state, _ = step(State(), _inbound("start", source=f"ks_{SURVEY.id}"), desk, WORDING)
    return dump(state)


def deeds(number: int) -> list[Inbound]:
    """What a person does: the second types every answer, the others press a button where one is enough."""
    done = []
    for place, (asked, typed, meant) in enumerate(PEOPLE[number], start=1):
        # Every question has its own number, so the presses can be written before they are needed.
        pressed = number != _TYPIST and SURVEY.question(asked).kind in _PRESSED
        done.append(
            _inbound("choice", choice=f"{place}:={meant}", text=typed) if pressed else _inbound("text", text=typed)
        )
    return done


def walk(desk: MemoryDesk, stored: bytes, person: list[Inbound]) -> None:
    """Every answer of a person, each worded as a channel gets it."""
    for inbound in person:
        state, effects = step(load(stored), inbound, desk, WORDING)
        stored = dump(state)
        for effect in effects:
            if isinstance(effect, Say):
                worded(effect, WORDING)


def check(desk: MemoryDesk) -> None:
    """That everybody is led the way that is written here and understood as meant; AssertionError if not."""
    for number, person in enumerate(PEOPLE):
        stored = begun(desk)
        for (asked, _, _), deed in zip(person, deeds(number), strict=True):
            at = load(stored).unfinished[-1].at
            if at != asked:
                raise AssertionError(f"asked {at}, not {asked}")
            state, _ = step(load(stored), deed, desk, WORDING)
            stored = dump(state)
        _, effects = step(load(stored), _inbound("text", text="bỏ qua"), desk, WORDING)
        (sent,) = [effect for effect in effects if isinstance(effect, Submit)]
        meant = {asked: tuple(value) if isinstance(value, list) else value for asked, _, value in person}
        if sent.answers != meant:
            raise AssertionError(f"{sent.answers} is not {meant}")


def rate(published: int, seconds: float) -> float:
    """Answers a second with so many surveys published and open."""
    desk = MemoryDesk()
    for number in range(published - 1):
        desk.open_survey(msgspec.structs.replace(SURVEY, id=f"khac_{number}"))
    desk.open_survey(SURVEY)
    stored = begun(desk)
    people = [deeds(number) for number in range(len(PEOPLE))]
    many = 0
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for person in people:
            walk(desk, stored, person)
            many += len(person)
    return many / spent


def _as_surveyjs() -> dict[str, Any]:
    """The same survey in SurveyJS's own words, one question a page."""
    pages = []
    for question in SURVEY.questions:
        element: dict[str, Any] = {"name": question.id, "title": question.text, "isRequired": question.required}
        element |= _KINDS[question.kind]
        if question.choices:
            element["choices"] = [{"value": choice.id, "text": choice.text} for choice in question.choices]
        if question.min is not None:
            element["validators"] = [
                {"type": "numeric", "minValue": question.min, "maxValue": question.max},
            ]
        if question.show_if:
            element["visibleIf"] = _CONDITIONS[question.show_if]
        pages.append({"name": f"p_{question.id}", "elements": [element]})
    return {"pages": pages}


_LEVELS = [
    {"value": value, "text": text}
    for value, text in enumerate(
        ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"), start=1
    )
]
_KINDS: dict[Kind, dict[str, Any]] = {
    Kind.SINGLE: {"type": "radiogroup"},
    Kind.LIKERT5: {"type": "radiogroup", "choices": [*_LEVELS, {"value": 0, "text": "Không có ý kiến"}]},
    Kind.YESNO: {"type": "radiogroup", "choices": [{"value": "yes", "text": "Có"}, {"value": "no", "text": "Không"}]},
    Kind.TEXT: {"type": "comment"},
    Kind.MULTIPLE: {"type": "checkbox"},
    Kind.NUMBER: {"type": "text", "inputType": "number"},
    Kind.DATE: {"type": "text", "inputType": "date"},
    Kind.NPS: {"type": "radiogroup", "choices": list(range(11))},
}
_CONDITIONS = {
    'viec != "c4"': "{viec} <> 'c4'",
    'tre_hen == "yes" and thai_do < 4': "{tre_hen} = 'yes' and {thai_do} < 4",
    "so_lan > 0": "{so_lan} > 0",
    "chung <= 2 or gioi_thieu <= 6": "{chung} <= 2 or {gioi_thieu} <= 6",
}


def surveyjs(seconds: float) -> dict[str, Any] | None:
    """What the yardstick measured; None where it is not to be had. AssertionError where it was led another way."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    if not (_CACHE / "node_modules" / PACKAGE).exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(_CACHE), PACKAGE]
        if subprocess.run(command, cwd=_CACHE, capture_output=True, timeout=180, check=False).returncode:
            return None
    people = [[(asked, value) for asked, _, value in person] for person in PEOPLE]
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(json.dumps({"survey": _as_surveyjs(), "people": people}), "utf-8")
        done = subprocess.run(
            [node, str(_SCRIPT), str(_CACHE), str(seconds), str(task)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"the yardstick broke: {done.stderr.strip()[-500:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    asked = [asked for asked, _, _ in PEOPLE[0]]
    led = [name for name, _ in measured["asked"]]
    after = [name for _, name in measured["asked"]]
    if led != asked or after != [*asked[1:], ""] or measured["data"] != {id: value for id, _, value in PEOPLE[0]}:
        raise AssertionError(f"SurveyJS went another way: {measured}")
    return measured


def main() -> int:
    """Measure, and hand over."""
    asked = options("engine")
    seconds, rounds = (0.5, 3) if asked.short else (2.0, 5)
    one = MemoryDesk()
    one.open_survey(SURVEY)
    check(one)
    rate(1, seconds / 2)  # warm
    ours: list[float] = []
    hundred: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours.append(rate(1, seconds))
        hundred.append(rate(100, seconds))
        measured = surveyjs(seconds)
        theirs += [] if measured is None else [measured["rate"]]
    flat = statistics.median(a / b for a, b in zip(ours, hundred, strict=True))
    figures = [
        Measured(
            name="answers a second, one survey published", value=statistics.median(ours), unit="1/s", wanted=_WANTED
        ),
        Measured(name="one survey published against a hundred", value=flat, most=_FLAT),
    ]
    if theirs:
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        figures += [
            Measured(
                name="answers a second, SurveyJS restored around each", value=statistics.median(theirs), unit="1/s"
            ),
            Measured(name="ours against SurveyJS", value=ratio, least=_AT_LEAST),
        ]
    else:
        sys.stdout.write(f"engine: node, npm or {PACKAGE} is not to be had: the yardstick is missing\n")
    details = {"ours": ours, "hundred": hundred, "surveyjs": theirs}
    hand_over(Outcome(name="engine", short=asked.short, figures=figures, details=details), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
