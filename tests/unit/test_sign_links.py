"""The signed address of one draft, and the one-time code of an officer: nothing else opens by either."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.officer_lines import PRESS, TAKE
from bot.channels.zalo_oa import parse
from storage import officer_accounts, sign_links
from storage.sign_links import Signing
from storage.vault import Vault
from vietnam.time import MINUTE

VAULT = Vault(bytes(range(32)))
AT = 1_795_000_000_000 // MINUTE * MINUTE
ONE = Signing(link=7, case=11, version=3, until=AT + sign_links.LIFE)


def test_an_address_holds_until_its_time_is_over() -> None:
    token = sign_links.make(VAULT, ONE)
    assert re.fullmatch(r"[A-Za-z0-9_-]{48}", token)
    assert sign_links.read(VAULT, token, AT) == ONE
    assert sign_links.read(VAULT, token, ONE.until + 1) is None
    assert sign_links.read(Vault(bytes(32)), token, AT) is None


@given(st.integers(0, 47), st.sampled_from("ABCxyz019_-"))
def test_no_other_spelling_of_it_opens_anything(place: int, sign: str) -> None:
    token = sign_links.make(VAULT, ONE)
    other = token[:place] + sign + token[place + 1 :]
    assert (sign_links.read(VAULT, other, AT) == ONE) == (other == token)


@given(st.text(max_size=80))
def test_whatever_stands_there_nothing_is_raised(token: str) -> None:
    assert sign_links.read(VAULT, token, AT) is None
    officer_accounts.typed(token)


@given(st.integers(0, officer_accounts.CODES - 1))
def test_a_code_is_read_however_it_is_typed(number: int) -> None:
    code = officer_accounts.code_of(number)
    for typed in (f"cb_{code}", f"CB {code[:4]} {code[4:]}", f"cb-{code.lower()}", f" /cb {code[:4]}-{code[4:]} "):
        assert officer_accounts.typed(typed) == code
    assert officer_accounts.typed("cb 0000 1111") == ""
    for other in ("cảm ơn", "cb", "cán bộ xã ơi", f"x{code}", "VL-2026-K7M2QX-4"):
        assert officer_accounts.typed(other) is None


def test_a_button_comes_back_as_a_press_on_zalo_too() -> None:
    assert parse._PRESSED.fullmatch(f"#{PRESS}{TAKE}:VL-2026-K7M2QX-4")
