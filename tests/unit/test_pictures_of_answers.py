"""Evidence on each channel: as many pictures as it shows, before the words; the rest behind the address."""

import pytest

from app.capabilities import CAPABILITIES
from bot.channels.base import Address, needs_page
from bot.channels.telegram.render import render as telegram
from bot.channels.zalo_bot.render import Words as BotWords
from bot.channels.zalo_bot.render import render as zalo_bot
from bot.channels.zalo_oa.render import Words as OaWords
from bot.channels.zalo_oa.render import render as zalo_oa
from bot.conversation.messages import Bubble, Button, Wants

BUBBLE = Bubble(
    text="Trả lời Ông/Bà.",
    buttons=(Button(id="go:done.M-1", label="Đã xong"),),
    pictures=(11, 12, 13),
    wants="evidence",
    link="https://nghedan.example/mau/viec/abc",
    link_label="Xem ảnh, trả lời trên trang web",
)
WANTS: tuple[Wants, ...] = ("evidence", "thread")
WORDS = OaWords(ways="", recording="", picture="Ảnh kèm theo.", contact_title="", contact_text="")


def test_telegram_sends_every_picture_and_the_words_with_their_buttons_last() -> None:
    *pictures, words = telegram(Address("7"), BUBBLE)
    assert [(call.method, call.blob) for call in pictures] == [("sendPhoto", 11), ("sendPhoto", 12), ("sendPhoto", 13)]
    assert not any("caption" in call.params or "reply_markup" in call.params for call in pictures)
    assert words.method == "sendMessage"
    assert "reply_markup" in words.params


def test_zalo_sends_the_first_picture_and_the_address() -> None:
    picture, words = zalo_oa(BUBBLE, WORDS)
    assert (picture.blob, picture.message["text"]) == (11, "Ảnh kèm theo.")
    buttons = words.message["attachment"]["payload"]["buttons"]
    assert buttons[-1]["payload"] == {"url": BUBBLE.link}


def test_zalo_bot_sends_the_words_and_the_address() -> None:
    (words,) = zalo_bot(Address("7"), BUBBLE, BotWords(ways="{ways}", recording=""))
    assert words["text"].endswith(f"Xem ảnh, trả lời trên trang web:\n{BUBBLE.link}")


@pytest.mark.parametrize(
    ("channel", "named"),
    [("telegram", []), ("webchat", []), ("zalo_oa", ["evidence", "thread"]), ("zalo_bot", ["evidence"])],
)
def test_the_page_is_named_where_the_chat_does_not_bring_all_or_may_be_closed(channel: str, named: list[str]) -> None:
    assert [wants for wants in WANTS if needs_page(CAPABILITIES[channel], wants)] == named
