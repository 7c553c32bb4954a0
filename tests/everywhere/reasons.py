"""What a person cannot do on a channel, turn by turn, with why: nothing is left out of the table in silence."""

WHY = {
    "no_buttons": "the channel has no buttons, so there is none of an earlier question to press",
    "no_such_button": "only five choices have a button there; this one is typed, and typed words go to what is open",
    "too_long_for_page": "the page itself says that the words are too long, and keeps them in the box",
}

IMPOSSIBLE: dict[tuple[str, int, str], str] = {
    ("14_old_button", 3, "zalo_bot"): "no_buttons",
    ("14_old_button", 5, "zalo_bot"): "no_buttons",
    ("14_old_button", 6, "zalo_bot"): "no_buttons",
    ("14_old_button", 3, "zalo_oa"): "no_such_button",
    ("14_old_button", 6, "zalo_oa"): "no_such_button",
    ("37_talking_on", 26, "zalo_bot"): "no_buttons",
    ("17_very_long_text", 2, "webchat"): "too_long_for_page",
    ("17_very_long_text", 5, "webchat"): "too_long_for_page",
}
"""(transcript, number of the turn from 1, channel) -> a word of WHY."""
