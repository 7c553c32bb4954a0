"""What is sealed opens only with its key, in its place, whole; and its size tells nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import KeyFileError, Vault, WrongKey, make_key_file, read_key_file

KEY, OTHER = Vault(bytes(32)), Vault(bytes(31) + b"\x01")


@given(st.binary(max_size=2000), st.binary(max_size=40))
def test_what_was_sealed_comes_back(data: bytes, context: bytes) -> None:
    assert KEY.open(KEY.seal(data, context), context) == data


@given(st.binary(max_size=255), st.binary(max_size=255))
def test_two_short_values_have_the_same_size(one: bytes, other: bytes) -> None:
    assert len(KEY.seal(one, b"")) == len(KEY.seal(other, b""))


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_what_is_said_in_a_dialogue_is_short_or_long_and_no_more(one: int, other: int) -> None:
    sizes = {len(KEY.seal(bytes(length), b"", dialogue=True)) for length in (one, other)}
    assert len(sizes) == 1 or min(one, other) < 1_792 <= max(one, other)
    assert KEY.open(KEY.seal(bytes(one), b"", dialogue=True), b"") == bytes(one)


def test_another_key_or_another_row_does_not_open_it() -> None:
    sealed = KEY.seal(b"x", b"row:1")
    for vault, context in ((OTHER, b"row:1"), (KEY, b"row:2")):
        with pytest.raises(WrongKey):
            vault.open(sealed, context)


@given(st.integers(min_value=0, max_value=280))
def test_what_was_cut_off_or_altered_does_not_open(at: int) -> None:
    sealed = KEY.seal(b"x" * 20, b"")
    at %= len(sealed)
    for broken in (sealed[:at], sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]):
        with pytest.raises(WrongKey):
            KEY.open(broken, b"")


def test_a_token_is_the_same_for_the_same_parts_and_key_only() -> None:
    assert KEY.token("a", 1) == KEY.token("a", 1)
    assert KEY.token("a", 1) not in (KEY.token("a", 2), KEY.token("a1", ""), OTHER.token("a", 1))


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    made = make_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path).open(made.seal(b"x", b""), b"") == b"x"
    with pytest.raises(FileExistsError):
        make_key_file(path)


@pytest.mark.parametrize("content", [b"", b"not base64!", b"c2hvcnQ="])
def test_a_file_that_is_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match="unreadable"):
        read_key_file(path)
    with pytest.raises(KeyFileError, match="missing"):
        read_key_file(tmp_path / "none")
