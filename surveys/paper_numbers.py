"""Numbers of printed forms: short, unique within a wave, in no order, with a digit that catches slips of the keyboard.

Numbers that counted up would tell who got which form wherever forms were handed out along a list. So the n-th form
gets the n-th member of a keyed permutation (a Feistel network with cycle walking, Black and Rogaway, "Ciphers with
arbitrary finite domains", 2002). The last digit is Damm's (H. M. Damm, 2004): it finds every single wrong digit and
every two neighbours exchanged.
"""

from hashlib import blake2b

LENGTH = 6
MOST = 90_000
"""How many forms a wave can have."""
_LOWEST = 10_000
_HALF = 9
_ROUNDS = 6
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def form_number(seed: bytes, n: int) -> str:
    """The number of the n-th form (from 1) of the wave that `seed` belongs to: six digits, the last one checks.

    ValueError for an n that is not in 1..MOST.
    """
    if not 1 <= n <= MOST:
        raise ValueError(f"a wave has forms 1 to {MOST}, not {n}")
    place = _mixed(seed, n - 1)
    while place >= MOST:
        place = _mixed(seed, place)
    digits = str(place + _LOWEST)
    return digits + str(_check(digits))


def read_number(typed: str) -> str | None:
    """The number that somebody typed ("48213-7", "482 137"), or None where it cannot be one."""
    digits = "".join(sign for sign in typed if sign not in " -.")
    right = len(digits) == LENGTH and digits.isascii() and digits.isdecimal() and digits[0] != "0"
    return digits if right and _check(digits) == 0 else None


def shown(number: str) -> str:
    """A number as it is printed: "48213-7"."""
    return f"{number[:-1]}-{number[-1:]}"


def _check(digits: str) -> int:
    row = 0
    for digit in digits:
        row = _DAMM[row][int(digit)]
    return row


def _mixed(seed: bytes, value: int) -> int:
    left, right = value >> _HALF, value & ((1 << _HALF) - 1)
    for turn in range(_ROUNDS):
        hashed = blake2b(b"%d:%d" % (turn, right), key=seed[:64], digest_size=2).digest()
        left, right = right, left ^ (int.from_bytes(hashed) & ((1 << _HALF) - 1))
    return (left << _HALF) | right
