"""Every look at cases, their pictures, calls and acts passes what hides confidential ones, or says here why not.

A new function that names one of these tables fails this test until it does one or the other.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Double, Text

from storage import confidential
from storage.tables import cases

ROOT = Path(__file__).parents[2]
TABLES = ("cases", "case_blobs", "case_files", "calls", "acts")
_ANY = "|".join(TABLES)
NAMED = re.compile(
    rf"\b(?:{_ANY})\.(?:c|alias|select|insert|update|delete)\b|[(,]\s*(?:{_ANY})\s*[,)]|\bFROM (?:{_ANY})\b"
)
ELSEWHERE = ("tests/", "benchmarks/", "storage/schema/", "storage/migrations/", "storage/tables.py", ".")
HIDES = re.compile(r"\bconfidential\b|\bkept\(\)|\bvisible\(\)")
"""The column, or the conditions of storage/confidential.py."""

WRITES = "writes what was decided, on a case that the decision has locked"
BY_ID = "takes the id of a case that its caller has found past the condition"
OWN = "of the person's own accounts only"
CHAIN = "the chain has every act, and tells only places and hashes"
EXCUSED = {
    "app/demo_answers.py": "sample data",
    "storage/reading_waves.py:done": "acts on waves only",
    "storage/act_chain.py": CHAIN,
    "storage/act_rows.py": "writes acts",
    "storage/blocks.py:opened_since": OWN,
    "storage/booking_retention.py:forget": "closes calls, of bookings only",
    "storage/by_hand.py:to_tell": "closes calls",
    "storage/case_files.py:_files": "the columns alone",
    "storage/case_files.py:forget": WRITES,
    "storage/case_files.py:keep": WRITES,
    "storage/case_files.py:of_case": BY_ID,
    "storage/case_files.py:sent_of": BY_ID,
    "storage/case_files.py:usable": BY_ID,
    "storage/cases.py:account_of": BY_ID,
    "storage/cases.py:id_of": BY_ID,
    "storage/cases.py:responsible": BY_ID,
    "storage/confidential.py": "the place where it is said",
    "storage/deliveries.py:_close": "closes calls",
    "storage/deliveries.py:arrived": "closes calls",
    "storage/deliveries.py:call": "writes to the call list, which hides on the way out",
    "storage/deliveries.py:_superseded": "closes calls",
    "storage/deliveries.py:call_without_chat": "writes to the call list, of bookings only",
    "storage/deliveries.py:drop": "closes calls",
    "storage/deliveries.py:drop_of": "closes calls",
    "storage/deliveries.py:overtaken": "of bookings only",
    "storage/deliveries.py:read_by_code": "closes calls",
    "storage/dossiers.py": "acts on ZIPs of papers only",
    "storage/page_openings.py:_rows": BY_ID,
    "storage/village_merging.py:merge": "gives every case of a village to another, and looks at none",
    "storage/kinds_off.py:changes": "acts on settings only",
    "storage/legal_clocks.py:_of": "acts on clocks only",
    "storage/promised_days.py:_names_somebody": BY_ID,
    "storage/reading_acts.py:has_read": "the reader's own acts on the list only",
    "storage/reading_acts.py:settings_changed": "acts on the settings file only",
    "storage/reading_report.py:deeds": "acts on reports only",
    "storage/report_desk.py:_is_said": "acts on reports only",
    "storage/replies.py:keep_evidence": WRITES,
    "storage/replies.py:usable": BY_ID,
    "storage/rights.py": OWN,
    "storage/routing.py:after": WRITES,
    "storage/shown_photos.py:of": BY_ID,
    "storage/submissions.py:remindings": "acts on provinces only",
    "storage/threads.py:digits_fit": BY_ID,
    "storage/threads.py:document": BY_ID,
    "storage/threads.py:phone_fits": BY_ID,
    "storage/threads.py:picture_type": BY_ID,
    "storage/threads.py:thread": BY_ID,
    "storage/voices.py:columns": WRITES,
    "storage/voices.py:keep": WRITES,
}


def parts_of(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, methods, and what stands outside of any, by name."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for part in node.body if isinstance(node, ast.ClassDef) else [node]:
            target = part.targets[0] if isinstance(part, ast.Assign) else getattr(part, "target", None)
            yield getattr(part, "name", getattr(target, "id", "-")), part


def hiding(sources: dict[str, str]) -> set[str]:
    """Names of a file that hide, themselves or by what they are made of in the same file."""
    found = {name for name, source in sources.items() if HIDES.search(source)}
    while True:
        words = re.compile(rf"\b(?:{'|'.join(map(re.escape, found)) or '-'})\b")
        more = {name for name, source in sources.items() if words.search(source)} - found
        if not more:
            return found
        found |= more


def users(part: str, sources: dict[str, str]) -> set[str]:
    """Who of the file names a part of it: a private piece of a look is as good as all that make use of it."""
    named = re.compile(rf"\b{re.escape(part)}\b")
    return {other for other, source in sources.items() if other != part and named.search(source)}


def looks() -> Iterator[tuple[str, bool]]:
    """("file:function", whether it hides) of all that names such a table."""
    for path in sorted(ROOT.glob("*/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(ELSEWHERE):
            continue
        text = path.read_text("utf-8")
        if "storage.tables" not in text and "storage.schema" not in text and "FROM " not in text:
            continue
        sources: dict[str, str] = {}
        for part, node in parts_of(ast.parse(text)):
            sources[part] = sources.get(part, "") + (ast.get_source_segment(text, node) or "")
        hides = hiding(sources)
        good = hides | {part for part in sources if f"{name}:{part}" in EXCUSED}
        while more := {part for part in set(sources) - good if part[0] == "_" and set() < users(part, sources) <= good}:
            good |= more
            hides |= more
        yield from ((f"{name}:{part}", part in hides) for part, source in sources.items() if NAMED.search(source))


def test_no_look_at_cases_forgets_what_is_confidential() -> None:
    forgotten = [
        name for name, hides in looks() if not hides and name not in EXCUSED and name.partition(":")[0] not in EXCUSED
    ]
    assert forgotten == [], "begin with storage.confidential.visible(), or say in EXCUSED why not"


def test_no_excuse_outlives_what_it_excuses() -> None:
    names = {name for name, _ in looks()} | {name.partition(":")[0] for name, _ in looks()}
    assert sorted(set(EXCUSED) - names) == []


SAYS_NOTHING = {"code", "kind", "category", "state", "channel", "assigned_role"}
"""Columns of text that stay when a case is erased: what it was, not what was said."""


def test_every_column_that_may_hold_words_is_erased_with_a_case() -> None:
    worded = {column.name for column in cases.c if isinstance(column.type, Text | Double)}
    assert worded - SAYS_NOTHING <= {*confidential._SAID, *confidential._POINTED}
