"""Every act that is kept anywhere has its words on the page of acts: a new one without them fails here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jinja2 import Environment, FileSystemLoader

from feedback import (
    acts,
    confidential,
    handing,
    oversight,
    register,
    report_acts,
    retention,
    session_acts,
    transcribing,
)
from storage.reading_acts import GROUPS

ROOT = Path(__file__).parents[2]
_TEMPLATES = Environment(loader=FileSystemLoader(ROOT / "web" / "templates"), autoescape=True)
WORDS: Any = _TEMPLATES.get_template("console/audit_words.html").module
ACTS: dict[str, dict[str, str]] = WORDS.ACTS
_WRAPPERS = ("_record", "_act", "_keep_act")
_SEATS = ("book", "fill", "cancel", "move", "correct", "check_in", "absent")


def tags(*modules: Any) -> set[str]:
    """How the acts of some modules stand in the list."""
    found = set()
    for module in modules:
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__struct_config__.tag:
                found.add(str(one.__struct_config__.tag))
    return found


_OF_SESSIONS = tags(session_acts) - {"book", "move", "check_in", "absent", "series_close"}
_PEOPLE = {
    "add", "change", "on", "off", "log_in", "log_out", "password", "reset", "session_end", "sessions_end",
    "second_on", "second_off", "codes", "link_chat", "unlink_chat",
}  # fmt: skip
SPOKEN: dict[str, dict[str, set[str]]] = {
    "storage/act_rows.py": {
        "case_erasing": {"erase"}, "booking_erasing": {"erase"}, "case_note_erasing": {"erase"},
    },
    "storage/bookings.py": {"booking": set(_SEATS)},
    "storage/channel_rows.py": {"channel": {"add", "change", "switch_on", "switch_off"}},
    "storage/maps.py": {"map": {"set", "remove"}},
    "storage/call_list.py": {"call": {"call.called", "call.printed", "call.unreached"}},
    "storage/canned.py": {"canned": {"switch_on", "switch_off"}},
    "storage/cases.py": {"case": tags(acts, handing, confidential, retention, transcribing) | {"enter"}},
    "storage/confidential.py": {"case_reading": {"read"}},
    "storage/dossiers.py": {"dossier": {"ask", "ready", "fail", "export"}, "paper": {"export"}},
    "storage/kinds_off.py": {"kinds": {"switch_on", "switch_off"}},
    "storage/legal_clocks.py": {name: {"soon", "late"} for name in ("data_clock", "line_clock", "kept_clock")},
    "storage/page_openings.py": {"case_page": {"open", "number"}},
    "storage/paper.py": {"paper": {"open", "draw", "close", "discard"}},
    "storage/plan_rows.py": {"plan": {"add", "change", "remove", "day"}},
    "storage/profile_rows.py": {"profile": {"change", "remove"}},
    "storage/reading_acts.py": {"audit": {"read", "check"}, "settings": {"begin", "change"}},
    "storage/register.py": {
        "register": tags(register), "kept_register": tags(register), "kept_register_reading": {"read"},
    },
    "storage/report_desk.py": {"report": tags(report_acts)},
    "storage/sessions.py": {"session": _OF_SESSIONS},
    "storage/sheet_rows.py": {"criteria": {"add", "remove"}},
    "storage/shown_photos.py": {"photo": {"show_photo", "hide_photo"}},
    "storage/submissions.py": {"province": {"expect", "receive", "replace", "remind", "hand_out"}},
    "storage/unit_years.py": {"days": {"year_whole", "year_back"}},
    "storage/unit_days.py": {"days": {"day_off", "day_work", "day_back"}},
    "storage/unit_rows.py": {
        "place": {"contact", "setup", "add", "rename", "change", "order", "switch_on", "switch_off"},
    },
    "storage/wave_acts.py": {"wave": {"open", "close", "cancel", "invite", "pause", "resume", "remind"}},
    "storage/survey_drafts.py": {"survey_draft": {"begin", "save", "remove"}},
    "storage/works.py": {"works": {"add", "finish", "resume"}},
    "storage/officer_changes.py": {"officer": _PEOPLE},
    "storage/oversight.py": {"oversight": tags(oversight) | {"recommend"}},
    "storage/officer_access.py": {"officer": _PEOPLE},
    "storage/officer_accounts.py": {"officer": _PEOPLE},
    "storage/second_factor.py": {"officer": _PEOPLE},
}  # fmt: skip
"""Module -> thing -> actions, where they are not both written out beside the call that keeps the act."""


def literals(node: ast.expr | None) -> list[str] | None:
    """The texts that an argument can be; None where it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        one, other = literals(node.body), literals(node.orelse)
        return None if one is None or other is None else one + other
    return None


def kept(path: Path) -> Iterator[tuple[int, list[str] | None, list[str] | None, bool]]:
    """Each call of a module that keeps an act: line, what it may be on, what it may be, and whether by a wrapper."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        by_name = {one.arg: one.value for one in call.keywords}
        held = call.args[0] if name == "partial" and call.args else None
        if name == "record" and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "act_rows":
            yield (
                call.lineno,
                literals(by_name.get("thing")),
                literals(call.args[2] if len(call.args) > 2 else None),
                False,
            )
        elif held is not None and ast.unparse(held) == "act_rows.record":
            yield call.lineno, literals(by_name.get("thing")), literals(by_name.get("action")), False
        elif name in _WRAPPERS:
            for argument in call.args:
                found = literals(argument)
                if found is not None:
                    yield call.lineno, None, found, True


MODULES = sorted(
    path
    for room in ("storage", "app", "web", "bot")
    for path in (ROOT / room).rglob("*.py")
    if "record" in path.read_text("utf-8")
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_act_has_its_words(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    spoken = SPOKEN.get(name, {})
    known = {action for actions in spoken.values() for action in actions}
    for line, things, actions, wrapped in kept(path):
        if things is not None and actions is not None:
            for thing in things:
                for action in actions:
                    assert action in ACTS.get(thing, {}), f"{name}:{line}: {thing} {action}"
        elif wrapped:
            assert set(actions or []) <= known, f"{name}:{line}: {actions} is not in SPOKEN"
        else:
            assert spoken, f"{name}:{line}: what it keeps is not in SPOKEN"


@pytest.mark.parametrize(("thing", "actions"), [(t, a) for one in SPOKEN.values() for t, a in one.items()])
def test_what_is_kept_under_a_name_made_elsewhere_has_its_words(thing: str, actions: set[str]) -> None:
    assert actions <= set(ACTS[thing]), sorted(actions - set(ACTS[thing]))


def test_every_thing_can_be_chosen_on_the_page() -> None:
    grouped = {thing for group in GROUPS.values() for thing in group}
    assert set(ACTS) <= grouped, sorted(set(ACTS) - grouped)
    assert set(WORDS.GROUP_NAMES) == {*GROUPS, "other"}
