"""What an error of the Bot API means for the message that was to be sent. Pure."""

from typing import Literal

from bot.channels.base import Failed, Gone, Outcome, Sent, Throttled

_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "bot was blocked")
_TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_NO_TOPICS = ("not a forum", "not enough rights", "chat_admin_required", "topics_disabled")
_NOT_EDITABLE = (
    "message can't be edited",
    "message to edit not found",
    "message_id_invalid",
    "there is no text in the message to edit",
)


def outcome(code: int, description: str, retry_after: int = 0) -> Outcome | Literal["anew"]:
    """`code` and `description` as in the answer, `retry_after` in seconds; "anew": send it as a new message.

    5xx is retried, in doubt: a gateway that lost its patience does not know whether what lies behind it took the
    message. 401 and 404 are a wrong token, which is the operator's to mend: the message waits rather than dies.
    """
    says = description.lower()
    if code == 429 or retry_after:
        return Throttled(max(retry_after, 1) * 1000)
    if code == 403 or (code == 400 and any(word in says for word in _GONE)):
        return Gone(description)
    if code == 400 and "message is not modified" in says:
        return Sent()
    if code == 400 and any(word in says for word in _NOT_EDITABLE):
        return "anew"
    return Failed(f"{code} {description}", retry=code in {401, 404, 409} or code >= 500, uncertain=code >= 500)


def topic_is_gone(why: str) -> bool:
    """Whether a forum topic that was written to is closed or deleted."""
    return any(word in why.lower() for word in _TOPIC_GONE)


def has_no_topics(description: str) -> bool:
    """Whether a group has no topics, or we may not make any."""
    return any(word in description.lower() for word in _NO_TOPICS)
