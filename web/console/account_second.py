"""The second step of one's own account: on, off, and codes for the day the telephone is lost."""

import secrets
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from feedback import totp
from storage import second_factor
from web.body import read_form
from web.console.access import ACCOUNT, OWN, Desk, signed_in
from web.console.account import check, page

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when it is copied by hand."""
_ISSUER = "Nghe Dân"


@signed_in(OWN)
async def begin(desk: Desk) -> Response:
    """Draw a secret; the password is asked for, so that nobody else at an open session puts a telephone of theirs."""
    form = await read_form(desk.request)
    if (refused := await _refused(desk, form["password"])) is not None:
        return refused
    services, officer, now, secret = desk.services, desk.officer, desk.services.now(), secrets.token_bytes(totp.SECRET)
    begun = await services.store.write(lambda tx: second_factor.begin(tx, services.vault, officer.id, secret, now))
    return RedirectResponse(f"{ACCOUNT}/buoc-hai" if begun else f"{ACCOUNT}?xong=con", 303)


@signed_in(OWN)
async def picture(desk: Desk) -> Response:
    """The picture for the telephone, until a code shows that it has taken it."""
    return await _picture(desk)


@signed_in(OWN)
async def turn_on(desk: Desk) -> Response:
    """On, if the code is right; the recovery codes are shown now and never again."""
    typed, codes = (await read_form(desk.request))["code"][:60], _draw()
    services, now = desk.services, desk.services.now()
    on = await services.store.write(
        lambda tx: second_factor.turn_on(tx, services.vault, desk.officer, typed, codes, now)
    )
    if not on:
        return await _picture(desk, trouble="wrong", status=422)
    return await _codes(desk, codes, fresh=True)


@signed_in(OWN)
async def turn_off(desk: Desk) -> Response:
    """Off; the password is asked for."""
    form = await read_form(desk.request)
    if (refused := await _refused(desk, form["password"])) is not None:
        return refused
    now = desk.services.now()
    await desk.services.store.write(lambda tx: second_factor.turn_off(tx, desk.officer, now))
    return RedirectResponse(f"{ACCOUNT}?xong=tat", 303)


@signed_in(OWN)
async def renew(desk: Desk) -> Response:
    """Other recovery codes; the password is asked for, and the earlier codes are worth nothing."""
    form = await read_form(desk.request)
    if (refused := await _refused(desk, form["password"])) is not None:
        return refused
    services, now, codes = desk.services, desk.services.now(), _draw()
    on = await services.store.write(lambda tx: second_factor.renew_codes(tx, services.vault, desk.officer, codes, now))
    return await _codes(desk, codes, fresh=False) if on else RedirectResponse(ACCOUNT, 303)


async def _refused(desk: Desk, password: str) -> Response | None:
    trouble = await check(desk, password[:200])
    if trouble is None:
        return None
    return await page(desk, part="second", trouble=trouble[0], wait=trouble[1], status=422)


async def _picture(desk: Desk, *, trouble: str = "", status: int = 200) -> Response:
    services, officer, now = desk.services, desk.officer, desk.services.now()
    secret = await services.store.read(lambda conn: second_factor.awaited(conn, services.vault, officer.id, now))
    if secret is None:
        return RedirectResponse(ACCOUNT, 303)
    address = otpauth(secret, officer.login)
    values = {"qr": _qr(address), "address": address, "typed": totp.typed_secret(secret)}
    return await desk.show(
        "console/account_second.html", lambda _conn: {}, status=status, codes=(), fresh=True, trouble=trouble, **values
    )


async def _codes(desk: Desk, codes: tuple[str, ...], *, fresh: bool) -> Response:
    return await desk.show("console/account_second.html", lambda _conn: {}, codes=codes, fresh=fresh, trouble="")


def _draw() -> tuple[str, ...]:
    """Recovery codes of ten letters and digits: 49 bits each."""
    words = ("".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(second_factor.CODES))
    return tuple(f"{word[:5]}-{word[5:]}" for word in words)


def otpauth(secret: bytes, login: str) -> str:
    """The address that authenticator apps read: what the picture holds, and what a link on the telephone opens."""
    letters = totp.typed_secret(secret).replace(" ", "")
    told = {"secret": letters, "issuer": _ISSUER, "digits": totp.DIGITS, "period": totp.STEP // 1000}
    return f"otpauth://totp/{quote(_ISSUER)}:{quote(login)}?{urlencode(told, quote_via=quote)}"


def _qr(address: str) -> Markup:
    import segno

    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr")
    return Markup(drawn)  # noqa: S704 - drawn by us: squares, and no word of anybody
