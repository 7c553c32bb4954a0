"""Groups in front of the fake: the bot is added, people talk, the group becomes a supergroup or puts the bot out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.people import Person, Seen, see
from tests.fakes.telegram.world import BOT, Chat, World

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram


class Group:
    """A group where the bot, once added, reads everything, as an administrator does."""

    def __init__(self, fake: FakeTelegram, id: int, title: str, *, forum: bool, rights: bool) -> None:
        self._fake = fake
        self.id = id
        user = {"id": id, "title": title} | ({"is_forum": True} if forum else {})
        self._chat = Chat(user, type="supergroup", may_open_topics=rights, without_bot=True)
        self._fake.do(lambda world: world.chats.update({id: self._chat}))

    def adds_bot(self, by: Person) -> int:
        """Somebody adds the bot."""
        return self._fake.do(lambda world: self._standing(world, by, "left", "member"))

    def puts_bot_out(self, by: Person) -> int:
        """Somebody removes the bot."""
        return self._fake.do(lambda world: self._standing(world, by, "member", "kicked"))

    def hears(self, person: Person, text: str, *, answering: Seen | None = None) -> int:
        """A person says something, perhaps in answer to a message."""

        def put(world: World) -> int:
            content: dict[str, Any] = {"from": person.user}
            if answering is not None:
                replied = next(one for one in self._chat.letters if one.id == answering.id)
                content["reply_to_message"] = world.message(self._chat, replied)
            letter = world.add_letter(self._chat, from_bot=False, text=text, content=content)
            return world.push("message", world.message(self._chat, letter))

        return self._fake.do(put)

    def presses(self, person: Person, label: str, text: str = "") -> int:
        """A person presses the newest button with this label, below a message with that text."""

        def press(world: World) -> int:
            for letter in reversed(self._chat.letters):
                for button in (one for row in letter.keyboard for one in row):
                    if button["text"] == label and "callback_data" in button and text in letter.text:
                        return person._callback(world, letter, button["callback_data"], self._chat)
            raise AssertionError(f"no button {label!r} below {text!r}")

        return self._fake.do(press)

    def presses_data(self, person: Person, data: str) -> int:
        """A person presses a button that carried this data once, also one that has since been edited away."""

        def press(world: World) -> int:
            letter = next(one for one in reversed(self._chat.letters) if one.from_bot)
            return person._callback(world, letter, data, self._chat)

        return self._fake.do(press)

    def moves(self, by: Person, *, told: bool = True) -> Group:
        """The group becomes another one with an id of its own; `told`: the bot gets the messages that say so."""
        new = self._fake.group(self._chat.user["title"], forum=bool(self._chat.user.get("is_forum")))

        def move(world: World) -> None:
            self._chat.moved_to = new.id
            new._chat.without_bot, new._chat.met = False, True
            if told:
                for chat, content in (
                    (self._chat, {"migrate_to_chat_id": new.id}),
                    (new._chat, {"migrate_from_chat_id": self.id}),
                ):
                    letter = world.add_letter(chat, from_bot=False, content={"from": by.user, **content})
                    world.push("message", world.message(chat, letter))

        self._fake.do(move)
        return new

    def closes_topic(self, name: str) -> None:
        """Close a topic."""
        self._fake.do(lambda _: self._chat.closed.update(id for id, of in self._chat.topics.items() if of == name))

    @property
    def said(self) -> list[tuple[str, Seen]]:
        """What the bot has said: (name of the topic, message), oldest first."""

        def look(world: World) -> list[tuple[str, Seen]]:
            letters = [letter for letter in self._chat.letters if letter.from_bot]
            return [(self._chat.topics.get(letter.topic, ""), see(world, letter)) for letter in letters]

        return self._fake.do(look)

    async def will_hear(self, text: str, seconds: float = 10) -> Seen:
        """Wait until the bot has said something with `text` in it; the newest such."""

        def look(world: World) -> Seen | None:
            found = [one for one in self._chat.letters if one.from_bot and text in one.text]
            return see(world, found[-1]) if found else None

        return await self._fake.until(look, seconds, f"the group never heard {text!r}")

    def _standing(self, world: World, by: Person, old: str, new: str) -> int:
        self._chat.without_bot, self._chat.met = new == "kicked", True

        def member(status: str) -> dict[str, Any]:
            return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        change = {"chat": self._chat.json, "from": by.user, "date": int(world.now())}
        return world.push("my_chat_member", change | {"old_chat_member": member(old), "new_chat_member": member(new)})
