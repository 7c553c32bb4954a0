"""What an error of the OpenAPI means for the message that was to be sent, as one table. Pure.

Zalo answers HTTP 200 with `error` other than 0 (developers.zalo.me, appendix of error codes; channels of the same code
differ in their `message`).
"""

from typing import Literal

from bot.channels.base import Failed, Gone, Outcome, Throttled, WindowClosed

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000

Meaning = Literal["renew", "upload", "slow", "quota", "human", "gone", "window", "no"]
"""renew: a new token, then once more · upload: the picture is no longer there · slow: too many calls · quota: used up ·
human: something that the operator must put right, until then everything waits · gone: the person · window: the time ·
no: this message will never be taken."""

MEANINGS: dict[int, Meaning] = {
    -32: "slow",  # of the app or of the account: the message says which
    -100: "upload",
    -201: "no",  # a parameter
    -204: "human",  # the account was deleted
    -205: "human",  # no such account
    -207: "human",  # the app is not allowed by the account
    -208: "human",  # the account has no secret key
    -209: "no",  # no such call
    -210: "no",  # a parameter out of its range
    -211: "quota",
    -212: "human",  # the app is not registered for this call
    -213: "gone",  # does not follow
    -215: "human",  # no such app
    -216: "renew",
    -217: "gone",  # blocked the invitation to follow
    -218: "window",  # the person has been sent as much as may be
    -219: "human",
    -220: "renew",
    -221: "human",  # the account is not verified
    -222: "gone",  # the person's account is closed, or silent for more than 45 days
    -223: "human",
    -224: "human",  # the account's tariff does not allow it
    -227: "gone",  # as -222
    -230: "window",  # 7 days
    -232: "window",
    -233: "no",  # a kind of message
    -234: "quota",  # no promotion at night; ours is none, so it is tried again later
    -240: "human",  # an older version of a call, shut down
    -244: "gone",  # does not want messages of this account
    -248: "no",  # against the rules
    -305: "window",  # 48 hours
    -311: "window",
    -320: "human",  # the app needs a business account
    -321: "human",  # that account has no money left
}

Again = Literal["renew", "upload"]


def outcome(code: int, message: str) -> Outcome | Again:
    """`code` and `message` as in the answer, `code` not 0. "renew" and "upload" can be mended and tried once more."""
    why = f"{code} {message}"
    meaning = MEANINGS.get(code)
    match meaning:
        case "renew" | "upload":
            return meaning
        case "slow":
            return Throttled(MINUTE)
        case "quota":
            return Throttled(15 * MINUTE)
        case "human":
            # Nobody's fault who waits for the answer: it goes out when the operator has put it right.
            return Throttled(10 * MINUTE)
        case "gone":
            return Gone(why)
        case "window":
            return WindowClosed(why)
        case "no":
            return Failed(why, retry=False)
        case None:
            return Failed(why)


def wants_operator(code: int) -> bool:
    """Whether only the operator can mend it, so that it must be shown."""
    return MEANINGS.get(code) in ("human", "quota") or code == -248
