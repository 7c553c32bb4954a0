"""`nghedan channel`: accounts on the platforms beside those of the settings file, and the login of Zalo."""

import sys
from getpass import getpass
from typing import Annotated, Any

import msgspec
import typer
from pydantic import SecretStr, ValidationError

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.settings import Settings, SettingsError, Telegram, ZaloBot, ZaloOa, check_together, given_in_environment
from app.wording import app_wording
from storage import channel_rows
from storage.channel_rows import ChannelRow
from storage.tx import Tx
from storage.units import Unit
from vietnam.time import local

app = typer.Typer(no_args_is_help=True)
Section = Telegram | ZaloBot | ZaloOa
_SECTIONS: dict[str, type[Section]] = {"telegram": Telegram, "zalo_bot": ZaloBot, "zalo_oa": ZaloOa}
_NEEDS = {"telegram": ("token",), "zalo_bot": ("token",), "zalo_oa": ("oa_id", "app_id", "app_secret")}
_LONGEST_NAME = 40
Name = Annotated[str, typer.Argument(help="What we call the account.")]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One account as it is listed; `name` is "" for that of the settings file, `heard_at` UTC ms or None."""

    id: int
    channel: str
    name: str
    active: bool
    heard_at: int | None
    webhook: str


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """List the accounts of a commune, the web chat among them."""

    async def work(runtime: Runtime) -> list[Listed]:
        unit = await commune_of(runtime, commune)
        rows = await _rows(runtime, unit)
        return [
            Listed(
                id=row.id,
                channel=row.channel,
                name=row.name,
                active=row.active,
                heard_at=row.heard_at,
                webhook=_webhook(runtime.settings, row),
            )
            for row in rows
        ]

    rows = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(rows).decode())
        return
    say = app_wording()
    for row in rows:
        heard = row.heard_at
        last = say("channel.heard", time=f"{local(heard):%H:%M %d/%m/%Y}") if heard else say("channel.never_heard")
        state = last if row.active else say("channel.off")
        out("\t".join(filter(None, (row.channel, row.name or say("channel.from_settings"), state, row.webhook))))


@app.command()
def add(
    channel: Annotated[str, typer.Argument(help="telegram, zalo_oa or zalo_bot.")],
    name: Name,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE of the section of that channel; never a secret.")
    ] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read KEY=VALUE lines, secrets too, from standard input.")
    ] = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Add an account, or give one that is known other settings; its secrets are asked for, or read elsewhere."""
    section = _section(channel)
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise Stop(f"NAME: 1 to {_LONGEST_NAME} characters", 1)
    settings = settings_of(config)
    given = _given(channel, section, values or [], sys.stdin.read().splitlines() if stdin else [])
    if not stdin and sys.stdin.isatty():
        given |= _asked(channel, section, given)
    _checked(settings, channel, section, given)

    async def work(runtime: Runtime) -> tuple[str, str]:
        unit = await commune_of(runtime, commune)
        known = [row for row in await _rows(runtime, unit) if (row.channel, row.name) == (channel, name)]

        def write(tx: Tx) -> int:
            if known:
                channel_rows.change(tx, runtime.vault, known[0].id, given, runtime.now())
                return known[0].id
            named: dict[str, Any] = {"unit_id": unit.id, "channel": channel, "name": name}
            return channel_rows.add(tx, runtime.vault, **named, config=given, now=runtime.now())

        id = await runtime.store.write(write)
        row = next(row for row in await _rows(runtime, unit) if row.id == id)
        return "channel.changed" if known else "channel.added", _webhook(runtime.settings, row)

    said, webhook = with_runtime(settings, work, make=True)
    out(app_wording()(said, channel=channel, name=name))
    if webhook:
        out(app_wording()("channel.webhook", url=webhook))


@app.command()
def remove(
    channel: Annotated[str, typer.Argument(help="telegram, zalo_oa or zalo_bot.")],
    name: Name,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Switch an account off; its people, conversations and cases stay."""
    _section(channel)

    async def work(runtime: Runtime) -> None:
        row = await _row(runtime, await commune_of(runtime, commune), channel, name)
        await runtime.store.write(lambda tx: channel_rows.set_active(tx, row.id, runtime.now(), active=False))

    with_runtime(settings_of(config), work)
    out(app_wording()("channel.removed", channel=channel, name=name))


@app.command()
def login(
    name: Annotated[str, typer.Argument(help="The account; none for that of the settings file.")] = "",
    wait: Annotated[int, typer.Option("--wait", min=1, max=3600, help="Seconds to wait for the consent.")] = 900,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Let the administrator of a Zalo Official Account allow us to send: once, and after a lost pair of tokens."""

    async def work(runtime: Runtime) -> None:
        from app.commands.channel_login import log_in

        unit = await commune_of(runtime, commune)
        row = await _row(runtime, unit, "zalo_oa", name)
        await log_in(runtime, row, wait)

    with_runtime(settings_of(config), work)


def _section(channel: str) -> type[Section]:
    if channel not in _SECTIONS:
        raise Stop(f"{channel}: no such channel ({', '.join(_SECTIONS)})", 1)
    return _SECTIONS[channel]


def _secrets(section: type[Section]) -> list[str]:
    return [key for key, field in section.model_fields.items() if field.annotation is SecretStr]


def _given(channel: str, section: type[Section], values: list[str], lines: list[str]) -> dict[str, Any]:
    """What was given, least private first: options, then the environment, then standard input."""
    options = dict(_pair(value, "--set") for value in values)
    for key in _secrets(section):
        if key in options:
            raise Stop(f"--set {key}: a secret is never an argument: others can list the processes of a machine")
    secrets = {key: value for key, value in given_in_environment(channel).items() if key in _secrets(section)}
    return options | secrets | dict(_pair(line, "standard input") for line in lines if line.strip())


def _pair(text: str, where: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        # The text is not repeated: it may be a secret that somebody forgot to name.
        raise Stop(f"{where}: is not KEY=VALUE")
    return key.strip(), value.strip()


def _asked(channel: str, section: type[Section], given: dict[str, Any]) -> dict[str, str]:
    wanted = [key for key in _NEEDS[channel] if key in _secrets(section) and not given.get(key)]
    if channel == "zalo_oa" and given.get("signed_with", "oa") == "oa" and not given.get("oa_secret"):
        wanted.append("oa_secret")
    return {key: getpass(app_wording()("channel.ask_secret", setting=key)) for key in wanted}


def _checked(settings: Settings, channel: str, section: type[Section], given: dict[str, Any]) -> None:
    missing = [f"{key}: is missing" for key in _NEEDS[channel] if not given.get(key)]
    if missing:
        raise Stop(missing)
    try:
        read = section.model_validate(given)
        check_together(settings.model_copy(update={channel: read}), "channel add")
    except ValidationError as fault:
        raise Stop(
            [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors(include_input=False)]
        ) from None
    except SettingsError as fault:
        raise Stop(fault.faults) from None


async def _rows(runtime: Runtime, unit: Unit) -> list[ChannelRow]:
    found = await runtime.store.read(lambda conn: channel_rows.rows(conn, runtime.vault))
    return [row for row in found if row.unit_id == unit.id]


async def _row(runtime: Runtime, unit: Unit, channel: str, name: str) -> ChannelRow:
    for row in await _rows(runtime, unit):
        if (row.channel, row.name) == (channel, name):
            return row
    known = f"{channel} {name}".strip()
    raise Stop(f"{known}: {unit.name} has no such account (nghedan channel list)", 1)


def _webhook(settings: Settings, row: ChannelRow) -> str:
    return f"{settings.public_url}/webhook/{row.channel}/{row.id}" if row.channel in _SECTIONS else ""
