"""The web chat: not sent but read by the person's own browser, so there is no client here."""

from bot.channels.base import Capabilities

CHANNEL = "webchat"
CAPABILITIES = Capabilities(
    max_text=4000,
    buttons=200,
    button_bytes=200,
    # The person's own words stand there too: a question that changed in its place would stand above them, out of sight.
    edit=False,
    photo_in=True,
    pushed=False,
)
