"""Where citizens write from: each platform is on when its own keys are given."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from app.settings_section import Section


class Telegram(Section):
    """Telegram is on when a token is given."""

    token: SecretStr = Field(SecretStr(""), description="of @BotFather; empty: Telegram is off")
    name: str = Field("", description="name of the bot, without @: its link then stands on posters")
    api_base: str = Field("https://api.telegram.org", description="address of the Bot API")
    mode: Literal["polling", "webhook"] = Field("polling", description="how messages come in")
    webhook_secret: SecretStr = Field(SecretStr(""), description="1-256 of A-Z a-z 0-9 _ -; needed for webhook")
    officers_chat: int = Field(0, le=0, description="id of the officers' group, told of each new case; 0: none")

    @field_validator("name")
    @classmethod
    def _a_bot(cls, value: str) -> str:
        if not re.fullmatch(r"(@?[A-Za-z0-9_]{5,32})?", value):
            raise ValueError("is a name such as VanLinhBot: 5-32 of A-Z a-z 0-9 _")
        return value.removeprefix("@")

    @field_validator("webhook_secret")
    @classmethod
    def _accepted_by_telegram(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("may have 1-256 of A-Z a-z 0-9 _ - only")
        return value


class ZaloBot(Section):
    """A bot of the Zalo Bot Platform is on when a token is given. At most 50 people: for trying out."""

    token: SecretStr = Field(SecretStr(""), description="of Zalo Bot Creator; empty: off")
    link: str = Field("", description="address that opens the chat with the bot, for posters")
    api_base: str = Field("https://bot-api.zaloplatforms.com", description="address of the Bot API")
    mode: Literal["polling", "webhook"] = Field("polling", description="how messages come in; webhook loses none")
    webhook_secret: SecretStr = Field(SecretStr(""), description="8-256 of A-Z a-z 0-9 _ -; needed for webhook")
    monthly_messages: int = Field(3000, ge=0, description="messages a month that the tariff allows; 0: no limit")

    @field_validator("webhook_secret")
    @classmethod
    def _accepted_by_zalo(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"([A-Za-z0-9_-]{8,256})?", value.get_secret_value()):
            raise ValueError("may have 8-256 of A-Z a-z 0-9 _ - only")
        return value


class ZaloOa(Section):
    """A Zalo Official Account is on when its id, the app's id and the app's secret are given."""

    oa_id: str = Field("", description="id of the Official Account; empty: off")
    app_id: str = Field("", description="id of the app that the account has allowed")
    app_secret: SecretStr = Field(SecretStr(""), description="secret key of that app")
    oa_secret: SecretStr = Field(SecretStr(""), description="the account's secret key, shown beside its webhook")
    api_base: str = Field("https://openapi.zalo.me", description="address of the OpenAPI")
    oauth_base: str = Field("https://oauth.zaloapp.com", description="address where permission is given")
    signed_with: Literal["oa", "app"] = Field("oa", description="whose secret signs the webhook")
    signed_first: Literal["app_id", "oa_id"] = Field("app_id", description="which id begins what is signed")
    data_request_word: str = Field("data", description="in the name of events about a person's data; empty: none")
    paid_messages: bool = Field(default=False, description="send 48 hours to 7 days after the last word too (billed)")

    @field_validator("oa_id", "app_id")
    @classmethod
    def _a_number(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]{0,30}", value):
            raise ValueError("is a number of up to 30 digits, written in quotation marks")
        return value
