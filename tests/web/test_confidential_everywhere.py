"""A case that was marked as tố cáo, looked for as every role in every place: nothing of it, and no count that tells."""

import base64
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.case_round import case_round
from storage import board, call_list, case_lines, cases, deliveries, reading_cases
from storage.tables import acts
from storage.vault import Vault
from tests.stores import run_apart
from tests.unit.command_line import Run, run
from tests.web.house import PASSWORD, browser_of, look, outside
from tests.web.twins import LOGINS, MARKERS, Twin, housed, settle, visit
from vietnam.time import DAY

__all__ = ["run"]


def url_of(request: pytest.FixtureRequest, engine: str, file: Path) -> str:
    """A migrated, empty store of an engine."""
    if engine == "sqlite":
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        return f"sqlite:///{file}"
    return str(request.getfixturevalue("postgres").fresh())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def twins(request: pytest.FixtureRequest, vault: Vault, now: int, tmp_path: Path) -> Iterator[tuple[Twin, Twin]]:
    """(with the secret case, without it)."""
    made = []
    for secret in (True, False):
        url = url_of(request, request.param, tmp_path / f"{secret}.db")
        made.append(settle(housed(url, vault, now, tmp_path), secret=secret))
    yield made[0], made[1]
    for twin in made:
        run_apart(twin.house.runtime.close())


def nothing_in(text: str, twin: Twin, where: str) -> None:
    """None of the words, nor the code, nor an id of the secret case."""
    found = [word for word in (*MARKERS, twin.code, *map(str, twin.ids.values())) if word in text]
    assert not found, f"{where}: {found}"


def test_every_page_is_as_if_the_case_had_never_been(
    twins: tuple[Twin, Twin], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret, bare = twins
    for login in LOGINS:
        there, without = (list(visit(twin, login)) for twin in twins)
        assert len(there) > 60, "the routes were found"
        for (pattern, page, normal), (_, _, expected) in zip(there, without, strict=True):
            # The address that was asked for is no find: log-in leads back to it.
            shown = page.replace(secret.path(pattern), "ADDRESS")
            shown = shown.replace(secret.code, "") if "CODE" in normal else shown
            nothing_in(shown, secret, f"{login or 'nobody'} {pattern}")
            if pattern != "/metrics":  # of the process, which both share here
                assert normal == expected, f"{login or 'nobody'} {pattern}"
    # and whatever was written to the log meanwhile
    said = capfd.readouterr()
    nothing_in(said.out + said.err + caplog.text, secret, "log")
    assert bare.code != secret.code


def test_the_keeper_alone_finds_it(twins: tuple[Twin, Twin]) -> None:
    secret, _ = twins
    with browser_of(secret.house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "giudon", "password": PASSWORD})
        assert secret.code in client.get("/can-bo/don-bao-mat").text
        page = client.get(f"/can-bo/don-bao-mat/{secret.code}").text
        assert all(word in page for word in MARKERS)
        assert client.get(f"/can-bo/don-bao-mat/{secret.code}/anh/{secret.ids['blob']}").status_code == 200
        # but not among the others
        assert secret.code not in client.get("/can-bo/?muc=da-tra-loi").text
        assert client.get(f"/can-bo/vu-viec/{secret.code}").status_code == 404


def test_counts_lists_and_rounds_are_those_of_the_store_without_it(twins: tuple[Twin, Twin]) -> None:
    def counted(twin: Twin) -> list[object]:
        unit, at = twin.house.commune.commune, twin.house.at

        def all_of(conn: Connection) -> list[object]:
            return [
                reading_cases.counts(conn, unit),
                reading_cases.late(conn, unit, at),
                reading_cases.unsent(conn, unit),
                reading_cases.unsent_count(conn, unit),
                call_list.to_call(conn, unit),
                call_list.to_call_count(conn, unit),
                deliveries.waiting(conn),
                [row.kind for row in case_lines.lines(conn, unit, date(2026, 1, 1), date(2026, 12, 31))],
                len(cases.promised(conn, at + 300 * DAY, 100)),
                len(cases.over(conn, at + 300 * DAY, 100)),
            ]

        return look(twin.house, all_of)

    secret, bare = twins
    assert counted(secret) == counted(bare)
    # nor does the officers' group hear of it, and no round of the program touches it
    telegram = secret.house.commune.telegram
    assert outside(secret.house, lambda tx: board.take(tx, telegram, 0)) is None
    told = outside(secret.house, lambda tx: board.take(tx, telegram, secret.house.at))
    assert told is None or told.code != secret.code
    before = look(secret.house, lambda conn: _acts_on(conn, secret))
    secret.house.at += 60 * DAY
    run_apart(case_round(secret.house.runtime))
    assert look(secret.house, lambda conn: _acts_on(conn, secret)) == before


def _acts_on(conn: Connection, twin: Twin) -> list[str]:
    return list(conn.scalars(select(acts.c.action).where(acts.c.thing_id == twin.ids["case"])))


COMMANDS = (
    ("doctor",),
    ("doctor", "--json"),
    ("doctor", "--audit"),
    ("officer", "list"),
    ("officer", "keeper"),
    ("channel", "list"),
    ("survey", "list"),
    ("wave", "list"),
)


def test_no_command_and_no_report_tells(twins: tuple[Twin, Twin], run: Run, tmp_path: Path, vault: Vault) -> None:
    secret, bare = twins
    key = tmp_path / "key"
    key.write_bytes(base64.b64encode(bytes(range(32))))
    key.chmod(0o600)
    said: list[list[str]] = []
    for twin in twins:
        file = tmp_path / "xa.toml"
        url = twin.house.runtime.settings.storage.url
        commune = '[commune]\nname = "xã Mẫu"\nprovince = "tỉnh Mẫu"'
        file.write_text(f'[storage]\nurl = "{url}"\n{commune}\n[privacy]\nkey_file = "{key}"\n')
        out = []
        for words in COMMANDS:
            ran = run(*words, "--config", file)
            nothing_in(ran.out + ran.err, secret, " ".join(words))
            out.append(twin.normal(_plain(ran.out)))
        folder = tmp_path / f"report-{len(said)}"
        made = run("report", "make", "--period", "2026-10", "--out", folder, "--config", file)
        assert made.code == 0, made.err
        out += [f"{path.name} {_cases_of(path)}" for path in sorted(folder.iterdir()) if path.suffix == ".xlsx"]
        for path in folder.iterdir():
            nothing_in(_text_of(path), secret, path.name)
        said.append(out)
    assert said[0] == said[1]
    assert vault is not None
    assert bare.code != secret.code


def _plain(out: str) -> str:
    """What a command says, without what differs from store to store: its address and size, hashes of the chain."""
    differs = (" acts of ", " disk", " store", " key file")
    return "\n".join(line for line in out.splitlines() if not any(word in line for word in differs) and line[:1] != "[")


def _text_of(path: Path) -> str:
    """Everything readable in a document."""
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            return "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return path.read_bytes().decode("utf-8", "replace")


def _cases_of(path: Path) -> list[object]:
    """Every cell of a workbook."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    return [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
