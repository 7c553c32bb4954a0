"""That somebody took part, as tokens that say nothing to whoever lacks the key (decision 4)."""

from storage.vault import Vault


def of_account(vault: Vault, wave: int, account: int) -> bytes:
    """The token of a chat account in an open wave."""
    return vault.token("participation", wave, account)


def of_form(vault: Vault, wave: int, number: str) -> bytes:
    """The token of a printed form of an open wave, by its number."""
    return vault.token("participation.form", wave, number)


def of_invitation(vault: Vault, wave: int, invitation: int) -> bytes:
    """The token of a one-time code, whatever account, browser or officer brings its answer."""
    return vault.token("participation.code", wave, invitation)
