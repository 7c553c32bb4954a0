"""What a call of the Bot API comes to, besides an Outcome of what was to be sent."""

import msgspec


class Refused(Exception):
    """The Bot API said no: `code` as in its answer (0 when it gave none), `description` without the token.

    `after`: milliseconds it asks to wait (0: none). `moved_to`: the supergroup that the group has become, or "".
    """

    def __init__(self, code: int, description: str, *, after: int = 0, moved_to: str = "") -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.after = after
        self.moved_to = moved_to


class Moved(msgspec.Struct, frozen=True):
    """The group has become a supergroup with the id `to`: nothing was sent, nothing can be sent to the old one."""

    to: str


class TooBig(Exception):
    """A file is larger than the limit, or than the 20 MB the Bot API lets a bot fetch."""


class Me(msgspec.Struct, frozen=True):
    """Who the token belongs to."""

    id: int
    username: str
    name: str


class WebhookState(msgspec.Struct, frozen=True):
    """What Telegram thinks of our webhook; `url` is "" when none is set."""

    url: str
    pending: int
    last_error: str
