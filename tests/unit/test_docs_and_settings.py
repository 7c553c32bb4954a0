"""What the documents say is what the program has: settings, commands, make targets, links, locks."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "surveys", "storage", "reports", "feedback", "vietnam", "web", "app")
EXAMPLE = ROOT / "config.example.toml"
CONFIGURATION = ROOT / "docs/operators/configuration.md"
COMMANDS = ROOT / "docs/operators/commands.md"
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
CEILING = 400
"""Lines of a file; a migration is exempt, because what has been applied somewhere is not rearranged."""


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project that git knows or would take."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    paths = (ROOT / name.decode() for name in listed.split(b"\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- settings ---------------------------------------------------------------------------------------------------------


def settings_of_the_program() -> set[str]:
    from app.settings import Settings

    def walk(model: type[BaseModel], prefix: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            kind = field.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from walk(kind, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}"

    return set(walk(Settings, ""))


def keys_of_the_example() -> set[str]:
    """Keys that stand in the example, also those that are commented out (`#key = value`)."""
    text = re.sub(r"(?m)^#(?=[a-z_]+ = |\[)", "", EXAMPLE.read_text("utf-8"))

    def walk(table: dict[str, Any], prefix: str) -> Iterator[str]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}"

    return set(walk(tomllib.loads(text), ""))


def rows_of_the_document() -> dict[str, str]:
    """Setting -> variable of the environment, from the tables of the operators' document."""
    row = re.compile(r"^\| `([a-z_]+(?:\.[a-z_]+)+)` \| `(NGHEDAN_[A-Z_]+)` \|", re.MULTILINE)
    return dict(row.findall(CONFIGURATION.read_text("utf-8")))


def test_the_example_configuration_has_every_setting_and_no_other() -> None:
    assert keys_of_the_example() == settings_of_the_program()


def test_the_operators_document_has_every_setting_and_no_other() -> None:
    assert set(rows_of_the_document()) == settings_of_the_program()


def test_the_document_names_the_variable_of_every_setting() -> None:
    rows = rows_of_the_document()
    assert rows == {key: "NGHEDAN_" + key.upper().replace(".", "__") for key in rows}


def test_the_example_configuration_is_read_without_complaint(tmp_path: Path) -> None:
    from app.settings import Settings

    example = tomllib.loads(EXAMPLE.read_text("utf-8"))
    assert Settings.model_validate(example).storage.url == example["storage"]["url"]


# --- commands and targets ---------------------------------------------------------------------------------------------


@cache
def commands_of_the_program() -> frozenset[str]:
    from app import cli

    found = next(value for value in vars(cli).values() if isinstance(value, typer.Typer))

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[str]:
        children = getattr(command, "commands", {})
        if not children:
            yield " ".join(path)
        for name, child in children.items():
            if not child.hidden:
                yield from walk(child, (*path, name))

    return frozenset(walk(typer.main.get_command(found), ()))


def test_every_command_has_its_place_in_the_operators_document() -> None:
    described = set(re.findall(r"(?m)^## `nghedan ([a-z][a-z -]*)`", COMMANDS.read_text("utf-8")))
    assert described == commands_of_the_program()


def test_every_command_that_a_document_names_exists() -> None:
    commands = commands_of_the_program()
    groups = {command.split()[0] for command in commands} - commands
    unknown = []
    for document in documents():
        for words in re.findall(r"(?<![./\w-])nghedan((?: [a-z][a-z-]*)+)", code_of(document)):
            first, *rest = words.split()
            known = first in commands or (first in groups and (not rest or f"{first} {rest[0]}" in commands))
            if not known:
                unknown.append(f"{named(document)}: nghedan{words}")
    assert unknown == []


def test_every_make_target_that_a_document_names_exists() -> None:
    phony = re.search(r"(?m)^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"))
    assert phony
    targets = set(phony[1].split())
    told = {
        (named(document), target)
        for document in documents()
        for targets_of_a_line in re.findall(r"(?m)(?:^|`)make ((?:[a-z-]+ ?)+)", code_of(document))
        for target in targets_of_a_line.split()
    }
    assert [f"{where}: make {target}" for where, target in sorted(told) if target not in targets] == []


def code_of(document: Path) -> str:
    """What stands in code spans and code blocks of a document, one piece a line."""
    text = document.read_text("utf-8")
    blocks = re.findall(r"(?ms)^```[a-z]*\n(.*?)^```", text)
    return "\n".join(blocks + re.findall(r"`[^`\n]+`", text))


# --- links and readers ------------------------------------------------------------------------------------------------


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for document in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
            if "://" in target or target.startswith(("#", "mailto:")):
                continue
            path, _, anchor = target.partition("#")
            there = document.parent / path
            if not there.exists() or (anchor and anchor not in anchors_of(there)):
                broken.append(f"{named(document)}: {target}")
    assert broken == []


def anchors_of(document: Path) -> set[str]:
    """Headings as a Markdown viewer makes addresses of them."""
    headings = re.findall(r"(?m)^#+ (.+)$", document.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_readme_opens_with_the_four_rooms_and_names_all(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    places = [text.index(f"`{room}/`") for room in ROOMS]
    assert places == sorted(places)
    assert "make demo" in text
    assert "make test" in text


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    records = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [name for name in records if name not in index] == []
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))


# --- locks ------------------------------------------------------------------------------------------------------------


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: Path) -> list[str]:
    return [entry for entry in re.split(r"(?m)^(?=\S)", lock.read_text("utf-8")) if entry.strip()]


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_every_locked_line_has_its_version_and_hashes_and_no_address(lock: Path) -> None:
    pinned = re.compile(
        r"[\w.-]+(?:\[[\w,-]+\])?==[\w.!+-]+(?: ; [^\n\\]+)?(?: \\\n {4}--hash=sha256:[0-9a-f]{64})+\n?"
    )
    assert [entry for entry in entries(lock) if not pinned.fullmatch(entry)] == []
    assert "://" not in lock.read_text("utf-8")
    assert "http" not in re.sub(r"(?m)^(?:aiohttp|httpcore|httptools|httpx)[\w-]*==", "", lock.read_text("utf-8"))


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run, dev = ({canonical(re.split(r"[=\[]", entry)[0]) for entry in entries(lock)} for lock in LOCKS)
    asked = {canonical(re.split(r"[>=<\[;]", line)[0]) for line in project["project"]["dependencies"]}
    tools = {canonical(re.split(r"[>=<\[;]", line)[0]) for line in project["dependency-groups"]["dev"]}
    assert asked <= run
    assert asked | tools <= dev
    assert run <= dev


# --- what no file may hold --------------------------------------------------------------------------------------------

# Joined here so that this file does not hold them itself.
FOLDERS = ("root", "work", "home", "Users")
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"), ("proxy", "golang"))
OF_ONE_MACHINE = [f"/{folder}/" for folder in FOLDERS] + [".".join(parts) for parts in HOSTS]


def test_no_file_holds_a_path_of_one_machine_or_the_address_of_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{named(path)}: {sign}" for sign in OF_ONE_MACHINE if sign in text]
    assert found == []


def test_no_source_file_outgrows_the_ceiling() -> None:
    sources = [path for path in tracked() if path.suffix == ".py" and path.parent.name != "versions"]
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in sources}
    assert {name: lines for name, lines in lengths.items() if lines > CEILING} == {}


def test_no_room_has_a_drawer_for_everything() -> None:
    drawers = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "models.py", "manager.py"}
    assert [named(path) for path in tracked() if path.name in drawers] == []
