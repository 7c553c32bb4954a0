"""What tests of the officers' door share: logging in, the second step, and what was written down of it."""

import base64
import re
from typing import Any

import msgspec
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from feedback import totp
from storage.tables import acts, officers
from tests.web.house import PASSWORD, House, look

ACCOUNT = "/can-bo/tai-khoan"
NEW = "giếng cổ đầu làng 7"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
HERE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"


def enter(client: TestClient, login: str = "tiepnhan", password: str = PASSWORD) -> int:
    """Log in; the status of the page that follows."""
    return client.post("/can-bo/dang-nhap", data={"login": login, "password": password}).status_code


def at_work(client: TestClient) -> bool:
    """Whether the pages open."""
    return client.get("/can-bo/").url.path == "/can-bo/"


def change(client: TestClient, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    """Change the password; the status and the page that follows."""
    told = client.post(f"{ACCOUNT}/mat-khau", data={"old": old, "new": new, "again": new if again is None else again})
    return told.status_code, told.text


def happened(house: House, login: str = "tiepnhan") -> list[tuple[str, dict[str, Any]]]:
    """The acts on an officer, in order."""
    mine = select(acts.c.action, acts.c.detail).join(officers, officers.c.id == acts.c.thing_id)
    query = mine.where(acts.c.thing == "officer", officers.c.login == login).order_by(acts.c.version)
    rows = look(house, lambda conn: conn.execute(query).all())
    return [(row.action, msgspec.json.decode(row.detail or "{}")) for row in rows]


def from_elsewhere(house: House, address: str, app: Starlette | None = None) -> TestClient:
    """A browser at another address; of the same process where `app` is given."""
    return TestClient(app or house.app, client=(address, 1), follow_redirects=True)


def secret_on_page(text: str) -> bytes:
    """The secret that the page shows to be typed."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', text)
    assert found
    return base64.b32decode(found[1].replace(" ", ""))


def turn_on(client: TestClient, house: House) -> tuple[bytes, list[str]]:
    """Set the second step up as an officer does; the secret on the telephone and the recovery codes."""
    page = client.post(f"{ACCOUNT}/buoc-hai", data={"password": PASSWORD})
    secret = secret_on_page(page.text)
    done = client.post(f"{ACCOUNT}/buoc-hai/bat", data={"code": totp.code_at(secret, house.at // totp.STEP)})
    assert done.status_code == 200
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)
    assert len(codes) == 10
    house.at += totp.STEP
    return secret, codes


def second(client: TestClient, **typed: str) -> tuple[int, str]:
    """Send a code at the door; the status and where it led."""
    told = client.post("/can-bo/dang-nhap/buoc-hai", data=typed)
    return told.status_code, told.url.path
