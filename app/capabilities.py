"""What each channel can do, by its name in the store; light to import, unlike the channels themselves."""

from bot.channels.base import Capabilities
from bot.channels.telegram.render import CAPABILITIES as TELEGRAM
from bot.channels.webchat import CAPABILITIES as WEBCHAT

CAPABILITIES: dict[str, Capabilities] = {"telegram": TELEGRAM, "webchat": WEBCHAT}
