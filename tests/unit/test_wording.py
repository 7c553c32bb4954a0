"""The catalogue of the bot: every key that is said exists, every text is said, and all of it is good Vietnamese."""

import ast
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from app.catalogues import ROOT
from bot.conversation.drafting_steps import STEPS
from bot.conversation.effects import t
from feedback.acts import MAX_STARS
from feedback.kinds import CATEGORIES, OTHERS, USUAL, Kind, rule
from feedback.states import State
from surveys.options import Misread
from tests.unit.desk import WORDING, holes_of, texts_of

TEXTS = texts_of("bot/locale/vi/LC_MESSAGES/bot.po")
COMMANDS = texts_of("app/locale/vi/LC_MESSAGES/app.po")
PO_FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/locale/vi/LC_MESSAGES/*.po"))
SOURCES = sorted(path for room in ("bot", "feedback", "app", "web", "storage") for path in (ROOT / room).rglob("*.py"))
WAVES = ROOT / "app/waves.py"
SAYING = {"t", "wording", "Text", "Refusal", "PhotoRefused"}
ON_PAGES = "".join(path.read_text("utf-8") for path in sorted((ROOT / "web/templates").rglob("*_words.html")))
"""Pages have words of their own; for them the templates are the catalogue."""
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+|help|privacy|greeting")


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}


def calls() -> list[tuple[Path, ast.Call]]:
    """Calls that say something by its key."""
    found = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if path.parent.name == "commands" or path == WAVES:
                name = ""  # the command line has a catalogue of its own
            if name in SAYING and node.args:
                found.append((path, node))
    return found


def literals() -> set[str]:
    nodes = [node for tree in trees().values() for node in ast.walk(tree)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns() -> list[re.Pattern[str]]:
    """The keys that an f-string can make, as patterns: f"kind.{kind}"."""
    made = []
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[a-z0-9_]+" for v in node.values]
                if re.match(r"[a-z_]+\\\.", parts[0]):
                    made.append(re.compile("".join(parts)))
    return made


def test_every_key_that_is_said_has_a_text() -> None:
    said = {
        (path.name, str(call.args[0].value))
        for path, call in calls()
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    said = {(where, key) for where, key in said if KEY.fullmatch(key)}
    assert len(said) > 80
    assert sorted((where, key) for where, key in said if key not in TEXTS and f'"{key}":' not in ON_PAGES) == []


def test_every_text_is_said_somewhere() -> None:
    known, made = literals(), patterns()
    # "key.typed" is said in place of "key" where there is nothing to touch.
    bases = {key: key.removesuffix(".typed") for key in TEXTS}
    assert {base for base in bases.values() if base not in TEXTS} == set()
    assert [
        key for key, base in bases.items() if base not in known and not any(pattern.fullmatch(base) for pattern in made)
    ] == []


def test_the_command_line_says_what_its_catalogue_has() -> None:
    # Files of surveys are read, and their expressions said, beside the commands.
    commands = [
        ast.unparse(tree)
        for path, tree in trees().items()
        if path.parent.name == "commands" or path.name in {"survey_files.py", "survey_words.py"}
    ]
    # What is refused is worded where it is told: the keys stand with the rules of waves.
    commands += [ast.unparse(ast.parse(path.read_text("utf-8"))) for path in (WAVES, ROOT / "surveys/waves.py")]
    said = {key for key in COMMANDS for text in commands if f"'{key}'" in text}
    made = patterns()
    said |= {key for key in COMMANDS for pattern in made if pattern.fullmatch(key)}
    assert said == set(COMMANDS)


def test_no_command_says_vietnamese_of_its_own() -> None:
    own = []
    for path, tree in trees().items():
        if path.parent.name == "commands":
            words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            own += [word for word in words if isinstance(word, str) and re.search(r"[ạ-ỹđơư]", word)]
    assert [word for word in own if not word.startswith(("xã ", "tỉnh "))] == []


def test_every_family_of_keys_is_whole() -> None:
    families = {
        *(f"kind.{kind}" for kind in Kind),
        *(f"draft.kind.{kind}" for kind in Kind),
        *(f"draft.sent.{kind}" for kind in Kind),
        *(f"draft.ask.text.{kind}" for kind in Kind),
        *(f"state.{state}" for state in State),
        *(f"category.{category}" for category in CATEGORIES),
        *(f"draft.field.{step.name}" for step in STEPS if step.due is None),
        *(f"misread.{reason}" for reason in reasons()),
        *(f"demo.text.{kind}.{category}" for kind in USUAL for category in CATEGORIES),
        *(f"demo.text.{kind}.{rule(kind).field}" for kind in OTHERS if rule(kind).field),
        *(f"menu.{kind}" for kind in Kind),
        *(f"case.stars.{star}" for star in range(1, MAX_STARS + 1)),
    }
    assert sorted(families - set(TEXTS)) == []


def reasons() -> set[str]:
    """Every reason that surveys/ gives for a misreading."""
    made = set()
    for path in (ROOT / "surveys").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Misread.__name__:
                argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    made.add(str(argument.value))
    assert len(made) > 10
    return made


def test_what_the_code_fills_in_is_what_the_text_has_places_for() -> None:
    wrong = []
    for path, call in calls():
        key = call.args[0]
        if (
            not isinstance(key, ast.Constant)
            or key.value not in TEXTS
            or any(word.arg is None for word in call.keywords)
        ):
            continue
        given = {word.arg for word in call.keywords if word.arg is not None}
        for values in call.args[1:]:  # a refusal has them as a dict beside its key
            if isinstance(values, ast.Dict):
                given |= {str(name.value) for name in values.keys if isinstance(name, ast.Constant)}
        if given != holes_of(TEXTS[str(key.value)]):
            wrong.append((path.name, key.value, sorted(given), sorted(holes_of(TEXTS[str(key.value)]))))
    assert wrong == []


@pytest.mark.parametrize("po", PO_FILES)
def test_texts_speak_to_people_as_we_do(po: str) -> None:
    wrong = re.compile(r"(?i)\b(bạn|quý khách|quý vị|anh/chị|user|click|vui lòng)\b")
    texts = texts_of(po)
    assert [key for key, text in texts.items() if wrong.search(text)] == []
    assert [key for key, text in texts.items() if unicodedata.normalize("NFC", text) != text] == []
    assert [key for key, text in texts.items() if not text] == []


@pytest.mark.parametrize("po", [po for po in PO_FILES if po.startswith("bot/")])
def test_texts_are_typeset(po: str) -> None:
    untidy = re.compile(r"[\"']|\.\.\.|\s[,.;:?!]|  |^\s|\s$")
    assert [(key, text) for key, text in texts_of(po).items() if untidy.search(text)] == []


def test_whoever_is_spoken_to_is_called_ong_ba() -> None:
    assert not [key for key, text in TEXTS.items() if re.search(r"\b(ông bà|ông/bà|Ông bà|ÔNG)\b", text)]


def test_no_key_stands_twice() -> None:
    for po in PO_FILES:
        keys = re.findall(r'(?m)^msgid "(.+)"$', (ROOT / po).read_text("utf-8"))
        assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_a_text_within_a_text_is_worded_too() -> None:
    assert WORDING.word(t("draft.shown.photo", value=t("draft.photos", many=1))) == "• Ảnh: 1 ảnh"


def test_what_a_person_wrote_is_never_taken_for_a_place() -> None:
    assert "{code}" in WORDING.word(t("survey.noted", answer="{code} {0} {}"))
