"""The one settings object: a TOML file, then the environment (NGHEDAN_TELEGRAM__TOKEN), read once by a command."""

import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariable

from app.settings_access import Access
from app.settings_cases import Cases, PetitionsSettings, Retention
from app.settings_channels import Telegram, ZaloBot, ZaloOa
from app.settings_officers import Front, Officers
from app.settings_section import Section
from vietnam.area import point_of
from vietnam.calendar import read_days
from vietnam.working_time import read_sessions

__all__ = [
    "DEFAULT_FILE",
    "Access",
    "Alarms",
    "Cases",
    "CommuneSettings",
    "Front",
    "Limits",
    "Officers",
    "PetitionsSettings",
    "PrivacySettings",
    "Report",
    "Retention",
    "Settings",
    "SettingsError",
    "Storage",
    "Telegram",
    "Waves",
    "Web",
    "Work",
    "ZaloBot",
    "ZaloOa",
    "check_together",
    "given_in_environment",
    "load",
]


class Storage(Section):
    """Where everything is kept."""

    url: str = Field("sqlite:///nghedan.db", description="sqlite:///FILE or postgresql://user:password@host/database")

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            # The value is not repeated: it may hold a password.
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value


class Web(Section):
    """Where pages are served."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field("", description="address that citizens type; empty: http://host:port")

    @field_validator("public_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")


class CommuneSettings(Section):
    """The first commune of the store; others are added as rows."""

    name: str = Field("xã Vạn Linh", min_length=3, description="with its own word: xã ..., phường ...")
    province: str = Field("tỉnh Lạng Sơn", min_length=3, description="tỉnh ... or thành phố ...")
    units: list[str] = Field(default_factory=list, description="thôn and their like, each with its own word")
    phone: str = Field("", description="telephone said in every reply")
    contact: str = Field("", description="the person behind the telephone")
    centre: str = Field("", description='middle of the commune, "latitude, longitude"; empty: not known')
    reach_km: int = Field(15, ge=1, le=200, description="km from the centre beyond which a place is doubted")

    @field_validator("centre")
    @classmethod
    def _a_point(cls, value: str) -> str:
        if value and point_of(value) is None:
            raise ValueError('must be a point of Viet Nam such as "21.6203, 106.5361"')
        return value


class Report(Section):
    """What the monthly report follows."""

    plan: str = Field("y_tich_2024", description="name of a plan of reports/plans/")
    plan_year: int = Field(0, ge=0, le=2099, description="the year that its days are read for; 0: its own")
    month: Literal["calendar", "statutory"] = Field("calendar", description="1st to last day, or 15th to 14th")
    one_stop: list[str] = Field(
        ["mot_cua", "sau_thu_tuc"], description="ids of the surveys that ask whom the one-stop service has served"
    )
    lead_days: int = Field(
        2, ge=1, le=15, description="working days between the last day a plan's report counts and its last day of issue"
    )


_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Waves(Section):
    """How people are invited to surveys and reminded of them."""

    quiet_from: str = Field("21:00", description="local time from which nobody is invited or reminded")
    quiet_to: str = Field("07:00", description="local time until which that holds; the same as quiet_from: never")
    cool_down_days: int = Field(7, ge=0, le=365, description="days between the invitations of two surveys")
    remind_days: int = Field(3, ge=1, le=60, description="days before a reminder, where the wave does not say")
    partial_days: int = Field(14, ge=1, le=60, description="days until an unfinished answer counts as partial")
    grace_minutes: int = Field(5, ge=1, le=60, description="minutes after a close to send what was begun; then results")

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _a_time(cls, value: str) -> str:
        if not _CLOCK.fullmatch(value):
            raise ValueError('must be a time such as "21:00"')
        return value


class Work(Section):
    """When the office works."""

    hours: str = Field("07:30-11:30, 13:30-17:00", description="the sessions of a working day, local time")
    days_file: str = Field("", description="own table of days off and worked, laid over that of the program")

    @field_validator("hours")
    @classmethod
    def _sessions(cls, value: str) -> str:
        read_sessions(value)
        return value

    @field_validator("days_file")
    @classmethod
    def _a_table(cls, value: str) -> str:
        if value:
            try:
                read_days(Path(value).read_text("utf-8"), partial=True)
            except OSError as fault:
                raise ValueError(f"cannot be read: {fault.strerror}") from fault
        return value


class Limits(Section):
    """What one person may send, and an officer attach."""

    messages_a_minute: int = Field(120, ge=0, le=10000, description="messages of a chat that are answered; 0: no limit")
    cases_a_day: int = Field(10, ge=0, le=1000, description="new cases of a person in a day; 0: no limit")
    file_mb: int = Field(10, ge=1, le=20, description="MB of one document that an officer attaches to a case")


class Alarms(Section):
    """When the officers and the operator are warned."""

    silent_hours: int = Field(48, ge=0, le=720, description="hours of silence until a webhook is suspect; 0: never")
    wrong_codes: int = Field(100, ge=0, description="one-time codes of a day that open nothing; 0: never")


class PrivacySettings(Section):
    """The key that seals what citizens write."""

    key_file: Path = Field(
        Path("nghedan.key"), description="made by `nghedan serve` where the store is new; back it up apart"
    )


class SettingsError(Exception):
    """The settings cannot be used: one line a fault, each naming key and file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="NGHEDAN_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    storage: Storage = Storage()
    web: Web = Web()
    commune: CommuneSettings = CommuneSettings()
    telegram: Telegram = Telegram()
    zalo_oa: ZaloOa = ZaloOa()
    zalo_bot: ZaloBot = ZaloBot()
    report: Report = Report()
    waves: Waves = Waves()
    work: Work = Work()
    cases: Cases = Cases()
    petitions: PetitionsSettings = PetitionsSettings()
    retention: Retention = Retention()
    officers: Officers = Officers()
    front: Front = Front()
    limits: Limits = Limits()
    alarms: Alarms = Alarms()
    privacy: PrivacySettings = PrivacySettings()
    access: Access = Access()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file; nothing else is read."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def public_url(self) -> str:
        """The address of the pages, without a slash at its end."""
        return self.web.public_url or f"http://{self.web.host}:{self.web.port}"


DEFAULT_FILE = Path("nghedan.toml")
_PREFIX = "NGHEDAN_"
_SECTIONS = {
    name: list(kind.model_fields)
    for name, field in Settings.model_fields.items()
    if isinstance(kind := field.annotation, type) and issubclass(kind, BaseModel)
}
"""section -> its keys"""


def load(file: Path | None) -> Settings:
    """Settings of a file (of nghedan.toml where none is named and it exists) and the environment; SettingsError."""
    path = file or DEFAULT_FILE
    raw = _read(path) if file is not None or path.exists() else {}
    unknown = [f"environment {name}: no such setting" for name in _variables() if _section(name) not in _SECTIONS]
    if unknown:
        raise SettingsError(unknown)
    try:
        settings = Settings(**raw)
    except ValidationError as fault:
        raise SettingsError([_line(error, path) for error in fault.errors(include_input=False)]) from None
    except UnreadableVariable as fault:
        raise SettingsError([f"environment: {fault} (a list or a section is written as JSON)"]) from None
    _together(settings, path)
    return settings


def given_in_environment(section: str) -> dict[str, str]:
    """Key -> value of what the environment says of one section."""
    prefix = f"{_PREFIX}{section}__".upper()
    return {
        name.upper().removeprefix(prefix).lower(): os.environ[name]
        for name in sorted(os.environ)
        if name.upper().startswith(prefix)
    }


def check_together(settings: Settings, source: str) -> None:
    """SettingsError for what no key can be judged by alone, each line beginning with `source`."""
    _together(settings, Path(source))


def _variables() -> list[str]:
    return sorted(name.upper() for name in os.environ if name.upper().startswith(_PREFIX))


def _section(variable: str) -> str:
    return variable.removeprefix(_PREFIX).partition("__")[0].lower()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingsError([f"{path}: cannot be read ({fault.strerror})"]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{path}: is not UTF-8 text"]) from None
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError([f"{path}: is not TOML: {fault}"]) from None


def _line(error: ErrorDetails, path: Path) -> str:
    """One fault: where the value came from (the environment wins over the file), its key, and what is wrong."""
    section, *keys = map(str, error["loc"])
    variable = _PREFIX + "__".join((section, *keys[:1])).upper()
    source = f"environment {variable}" if variable in _variables() else str(path)
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        known = _SECTIONS[section] if keys else _SECTIONS
        near = get_close_matches(keys[-1] if keys else section, known, n=1)
        what = "no such setting" + "".join(f" (is {name} meant?)" for name in near)
    return f"{source}: [{section}] {'.'.join(keys)}".rstrip() + f": {what}"


def _together(settings: Settings, path: Path) -> None:
    """What no key can be judged by alone."""
    telegram = settings.telegram
    faults = []
    if telegram.token.get_secret_value() and telegram.mode == "webhook":
        if not telegram.webhook_secret.get_secret_value():
            faults.append(f'{path}: [telegram] webhook_secret: is missing; mode = "webhook" needs it')
        if not settings.web.public_url.startswith("https://") and "127.0.0.1" not in telegram.api_base:
            faults.append(f"{path}: [web] public_url: Telegram's webhook needs an address with https://")
    bot = settings.zalo_bot
    if bot.token.get_secret_value() and bot.mode == "webhook":
        if not bot.webhook_secret.get_secret_value():
            faults.append(f'{path}: [zalo_bot] webhook_secret: is missing; mode = "webhook" needs it')
        if not settings.web.public_url.startswith("https://") and "127.0.0.1" not in bot.api_base:
            faults.append(f"{path}: [web] public_url: the webhook of Zalo needs an address with https://")
    oa = settings.zalo_oa
    if oa.oa_id:
        wanted = {"app_id": oa.app_id, "app_secret": oa.app_secret.get_secret_value()}
        if oa.signed_with == "oa":
            wanted["oa_secret"] = oa.oa_secret.get_secret_value()
        faults += [f"{path}: [zalo_oa] {key}: is missing; oa_id needs it" for key, value in wanted.items() if not value]
    if faults:
        raise SettingsError(faults)
