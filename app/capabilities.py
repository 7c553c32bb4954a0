"""What each channel can do, by its name in the store; light to import, unlike the channels themselves."""

from bot.channels.base import Capabilities
from bot.channels.telegram.render import CAPABILITIES as TELEGRAM
from bot.channels.webchat import CAPABILITIES as WEBCHAT
from bot.channels.zalo_bot.render import CAPABILITIES as ZALO_BOT
from bot.channels.zalo_oa.render import CAPABILITIES as ZALO_OA

CAPABILITIES: dict[str, Capabilities] = {
    "telegram": TELEGRAM,
    "webchat": WEBCHAT,
    "zalo_bot": ZALO_BOT,
    "zalo_oa": ZALO_OA,
}
