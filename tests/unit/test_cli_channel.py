"""`nghedan channel`: accounts are added and removed; a secret is never an argument and never shown."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.unit.command_line import Run

OA = ("--set", "oa_id=123", "--set", "app_id=456")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "stdin", io.StringIO("app_secret=bi-mat-app\n\noa_secret = bi-mat-oa\n"))
    return monkeypatch


def _listed(run: Run, config: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("channel", "list", "--json", "--config", config).out)
    return found


def test_an_account_is_added_listed_changed_and_switched_off(run: Run, config: Path, typed: pytest.MonkeyPatch) -> None:
    added = run("channel", "add", "zalo_oa", "xa-mau", *OA, "--stdin", "--config", config)
    assert added.code == 0, added.err
    assert "/webhook/zalo_oa/" in added.out
    assert "bi-mat" not in added.out + added.err

    (account,) = (one for one in _listed(run, config) if one["channel"] == "zalo_oa")
    assert (account["name"], account["active"], account["heard_at"]) == ("xa-mau", True, None)
    shown = run("channel", "list", "--config", config).out
    assert "xa-mau\tchưa có tin nào\thttp" in shown
    assert "bi-mat" not in shown + config.with_name("nghedan.db").read_bytes().decode("latin-1")

    assert run("channel", "remove", "zalo_oa", "xa-mau", "--config", config).code == 0
    assert "xa-mau\tđang tắt" in run("channel", "list", "--config", config).out

    typed.setenv("NGHEDAN_ZALO_OA__APP_SECRET", "khac")
    typed.setattr(sys, "stdin", io.StringIO("oa_secret=khac\n"))
    changed = run("channel", "add", "zalo_oa", "xa-mau", *OA, "--stdin", "--config", config)
    assert "đã đổi cấu hình và bật lại" in changed.out
    assert [one["active"] for one in _listed(run, config) if one["channel"] == "zalo_oa"] == [True]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "viber", "x"), "viber: no such channel"),
        (("add", "telegram", "x"), "token: is missing"),
        (("add", "telegram", " "), "NAME: 1 to 40 characters"),
        (("add", "zalo_oa", "x", *OA), "app_secret: is missing"),
        (("add", "zalo_oa", "x", "--set", "app_secret=1"), "a secret is never an argument"),
        (("add", "zalo_oa", "x", *OA, "--set", "oa_id=ab", "--stdin"), "oa_id: "),
        (("add", "zalo_oa", "x", *OA, "--set", "lạ=1", "--stdin"), "lạ: "),
        (("add", "zalo_oa", "x", "--set", "oa_id"), "--set: is not KEY=VALUE"),
        (("remove", "zalo_oa", "x"), "zalo_oa x: "),
        (("login", "x"), "zalo_oa x: "),
        (("login",), "zalo_oa: "),
    ],
)
def test_what_is_wrong_is_said(
    run: Run, config: Path, typed: pytest.MonkeyPatch, words: tuple[str, ...], says: str
) -> None:
    run("officer", "add", "canbo", "--name", "Cán bộ mẫu", "--config", config)
    refused = run("channel", *words, "--config", config)
    assert refused.code != 0
    assert says in refused.err
    assert "bi-mat" not in refused.out + refused.err


def test_what_the_settings_file_would_refuse_is_refused_here(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("token=123:abc\n"))
    refused = run("channel", "add", "telegram", "x", "--set", "mode=webhook", "--stdin", "--config", config)
    assert refused.code == 2
    assert "webhook_secret: is missing" in refused.err
    assert "123:abc" not in refused.err
