"""One-time codes: read as people type them, found by their token only, and never drawn twice."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from feedback.codes import ALPHABET
from feedback.invitation_codes import SPACE, make_code, read_code
from storage import invitations
from storage.store import Store
from storage.tables import frame_rows
from storage.tables import invitations as invited
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import Close
from tests.stores import SampleCommune
from tests.unit.waving import Town, town_of

codes = st.integers(0, SPACE - 1).map(make_code).filter(lambda code: code is not None)


@given(code=codes)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"Mã: {code}", f" mã mời {code} "):
        assert read_code(typed) == code


@given(code=codes, place=st.integers(0, 8), other=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(code: str, place: int, other: str) -> None:
    signs = list(code.replace("-", ""))
    if signs[place] != other:
        signs[place] = other
        assert read_code("".join(signs)) is None


@given(code=codes, place=st.integers(0, 6))
def test_two_neighbours_swapped_are_noticed(code: str, place: int) -> None:
    signs = list(code.replace("-", ""))
    if signs[place] != signs[place + 1]:
        signs[place], signs[place + 1] = signs[place + 1], signs[place]
        assert read_code("".join(signs)) is None


@pytest.mark.parametrize("words", ["không hài lòng", "hai long lam", "xin chao ban", "tot", "VL-2026-K7M2QX-4", ""])
def test_ordinary_words_and_case_codes_are_no_invitation(words: str) -> None:
    assert read_code(words) is None


# --- stored -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


async def printed(town: Town, wave: int) -> dict[int, str]:
    """The codes on paper, by row of the frame."""
    vault, unit = town.runtime.vault, town.commune.commune
    slips = await town.store.read(lambda conn: invitations.slips(conn, wave, paper_only=True))
    return {slip.row: invitations.code_of(vault, unit, wave, slip.row, bytes(slip.code)) for slip in slips}


async def test_codes_are_derived_anew_and_stored_nowhere(town: Town) -> None:
    await town.frame("Hộ", [], paper=40)
    wave = await town.open("Hộ")
    first, again = await printed(town, wave.id), await printed(town, wave.id)
    assert first == again
    assert len(set(first.values())) == 40
    stored = await town.store.read(lambda conn: [bytes(code) for code in conn.scalars(select(invited.c.code))])
    assert not any(code.encode() in token for code in first.values() for token in stored)
    # and nobody without the key learns one
    row, code = next(iter(first.items()))
    with pytest.raises(LookupError):
        invitations.code_of(Vault(bytes(32)), town.commune.commune, wave.id, row, stored[0])
    other = Vault(bytes(32))
    assert (
        await town.store.read(lambda conn: invitations.find(conn, other, town.commune.commune, code, town.at)) is None
    )


async def test_a_code_that_is_taken_is_drawn_again(town: Town) -> None:
    # given that the first code a row would get belongs to another invitation already
    await town.frame("Hộ", [], paper=2)
    vault, unit = town.runtime.vault, town.commune.commune
    wave = await town.open("Hộ")
    codes = await printed(town, wave.id)
    rows = await town.store.read(lambda conn: list(conn.scalars(select(frame_rows.c.id).order_by("number"))))
    later = await town.open("Hộ", code="dot-2")
    wanted = (await printed(town, later.id))[rows[0]]

    def again(tx: Tx) -> None:
        mine = invited.c.wave_id == later.id
        tx.execute(invited.delete().where(mine))
        token = invitations._token(vault, unit, wanted)
        tx.execute(invited.update().where(invited.c.frame_row_id == rows[1]).values(code=token))
        drawn = [invitations.Drawn(row, None, None) for row in rows]
        assert invitations.invite_rows(tx, vault, unit, later.id, drawn, town.at) == 2

    await town.store.write(again)
    # then it gets its second one, which is found as any other
    second = (await printed(town, later.id))[rows[0]]
    assert second not in (wanted, *codes.values())
    found = await town.store.read(lambda conn: invitations.find(conn, vault, unit, second, town.at))
    assert found is not None
    assert found.wave == later.id


async def test_a_code_of_a_closed_wave_is_known_and_takes_nothing(town: Town) -> None:
    await town.frame("Hộ", [], paper=1)
    wave = await town.open("Hộ", title="Khảo sát hộ dân")
    (code,) = (await printed(town, wave.id)).values()
    await town.act(wave, Close())
    found = await town.store.read(
        lambda conn: invitations.find(conn, town.runtime.vault, town.commune.commune, code, town.at)
    )
    assert found is not None
    assert (found.takes, found.used, found.title) == (False, False, "Khảo sát hộ dân")
