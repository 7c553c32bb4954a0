"""Settings: what is wrong is named by key and by where it came from, and no secret is ever repeated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, load

TOKEN = "123456:rat-bi-mat"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of the machine flow in."""
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        for name in ("STORAGE__URL", "WEB__PORT", "TELEGRAM__TOKEN"):
            patch.delenv(f"NGHEDAN_{name}", raising=False)
        yield


def faults_of(text: str | bytes, tmp_path: Path) -> list[str]:
    file = tmp_path / "xa.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as raised:
        load(file)
    return [fault.replace(str(file), "xa.toml") for fault in raised.value.faults]


def test_without_a_file_everything_has_a_default() -> None:
    assert load(None) == Settings()


def test_a_file_of_the_working_folder_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nghedan.toml").write_text("[web]\nport = 81\nhost = '0.0.0.0'\n")
    monkeypatch.setenv("NGHEDAN_WEB__PORT", "82")

    settings = load(None)

    assert (settings.web.port, settings.web.host) == (82, "0.0.0.0")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[web]\nprot = 80", ["xa.toml: [web] prot: no such setting (is port meant?)"]),
        ("[webb]\nport = 80", ["xa.toml: [webb]: no such setting (is web meant?)"]),
        ("[web]\nzzz = 80", ["xa.toml: [web] zzz: no such setting"]),
        ("web = 8", ["xa.toml: [web]: Input should be a valid dictionary or instance of Web"]),
        ("[web]\npublic_url = 'xa.vn'", ["xa.toml: [web] public_url: must begin with http:// or https://"]),
        ("[web]\nport = [80]", ["xa.toml: [web] port: Input should be a valid integer"]),
        ("[web]\nport = 99999", ["xa.toml: [web] port: Input should be less than or equal to 65535"]),
        ("[commune]\nunits = ['thôn Mẫu', 7]", ["xa.toml: [commune] units.1: Input should be a valid string"]),
        ("[telegram]\nmode = 'hook'", ["xa.toml: [telegram] mode: Input should be 'polling' or 'webhook'"]),
        ("= 1", ["xa.toml: is not TOML: Invalid statement (at line 1, column 1)"]),
        (b"[web]\nhost = '\xff'", ["xa.toml: is not UTF-8 text"]),
        (
            "[web]\nprot = 80\n[report]\nmonth = 'lunar'",
            [
                "xa.toml: [web] prot: no such setting (is port meant?)",
                "xa.toml: [report] month: Input should be 'calendar' or 'statutory'",
            ],
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_key_and_file(text: str | bytes, faults: list[str], tmp_path: Path) -> None:
    assert faults_of(text, tmp_path) == faults


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read \(No such file or directory\)"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="Is a directory"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("NGHEDAN_WEB__PROT", "80", "environment NGHEDAN_WEB__PROT: [web] prot: no such setting (is port meant?)"),
        ("NGHEDAN_WEBB__PORT", "80", "environment NGHEDAN_WEBB__PORT: no such setting"),
        ("NGHEDAN_TOKEN", TOKEN, "environment NGHEDAN_TOKEN: no such setting"),
        ("NGHEDAN_WEB__PORT", "x", "environment NGHEDAN_WEB__PORT: [web] port: Input should be a valid integer"),
        ("NGHEDAN_COMMUNE__UNITS", "thôn Mẫu", "environment: "),
        ("NGHEDAN_WEB", "x", "environment: "),
    ],
)
def test_a_fault_of_the_environment_is_named_by_its_variable(
    name: str, value: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as raised:
        load(None)

    assert raised.value.faults[0].startswith(fault)
    assert TOKEN not in str(raised.value)


def test_what_only_fails_together_is_named(tmp_path: Path) -> None:
    assert faults_of(f"[telegram]\ntoken = '{TOKEN}'\nmode = 'webhook'", tmp_path) == [
        'xa.toml: [telegram] webhook_secret: is missing; mode = "webhook" needs it',
        "xa.toml: [web] public_url: Telegram's webhook needs an address with https://",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[telegram]\ntoken = 123456789",
        "[telegram]\ntoken = ['{secret}']",
        "[telegram]\nwebhook_secret = 'bí mật {secret}'",
        "[telegram]\ntoken = '{secret}'\nmode = 'webhook'",
        "[storage]\nurl = 'mysql://xa:{secret}@host/db'",
        "[storage]\nurl = 'xa:{secret}@host/db'",
        "[telegram.token]\nvalue = '{secret}'",
        "[telegram]\ntoken = '{secret}\n",
    ],
)
def test_no_secret_is_repeated(text: str, tmp_path: Path) -> None:
    said = "\n".join(faults_of(text.replace("{secret}", TOKEN), tmp_path))
    assert said
    assert TOKEN not in said
    assert "123456789" not in said


def test_a_secret_is_not_printed_with_the_settings() -> None:
    assert TOKEN not in repr(Settings.model_validate({"telegram": {"token": TOKEN}}))
