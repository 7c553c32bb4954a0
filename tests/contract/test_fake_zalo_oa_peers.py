"""The fake is driven by zalo-sdk, a client nobody here wrote; what it cannot live with, Zalo does not do."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.zalo_oa import FakeZaloOa, Person

zalo_sdk: Any = pytest.importorskip("zalo_sdk", reason="zalo-sdk is not installed: make setup")
requests: Any = pytest.importorskip("requests", reason="requests is not installed: make setup")
oa: Any = pytest.importorskip("zalo_sdk.oa", reason="zalo-sdk is not installed: make setup")

JPEG = b"\xff\xd8\xff\xe0" + b"not much of a picture" * 100
VERIFIER = "v" * 43


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@pytest.fixture
def lan(fake: FakeZaloOa) -> Person:
    person = fake.user("Lan")
    person.follows()
    return person


@pytest.fixture
def peer(fake: FakeZaloOa, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Only the address of the OpenAPI can be set; that of OAuth is written into the library.
    post = requests.post

    def here(url: str, **given: Any) -> Any:
        return post(url.replace("https://oauth.zaloapp.com", fake.api_base), **given)

    monkeypatch.setattr(requests, "post", here)
    return oa.Client(fake.app_id, fake.app_secret, endpoint_prefix=fake.api_base)


def logged_in(peer: Any, fake: FakeZaloOa) -> Any:
    from bot.channels.zalo_oa.oauth import challenge, code_in

    address = peer.request_authoriation_code_url("https://xa.vn/oauth", challenge(VERIFIER), "state")
    peer.get_access_token_from_authorization_code(code_in(fake.consents(address)), VERIFIER)
    return peer


def to(person: Person) -> Any:
    return oa.ZaloRecipient(user_id=person.id)


def body(text: str | None = None, payload: dict[str, Any] | None = None) -> Any:
    attachment = oa.ZaloAttachment("template", payload) if payload else None
    return oa.ZaloMessageBody(text, attachment)


def test_it_logs_in_and_renews_once_for_each_refresh_token(peer: Any, fake: FakeZaloOa) -> None:
    logged_in(peer, fake)
    first = peer.refresh_token
    access, second, expires = peer.refresh_acccess_token()
    assert access
    assert second != first
    assert expires > 0
    peer.refresh_token = first
    with pytest.raises(zalo_sdk.ZaloOAException, match="-14014"):
        peer.refresh_acccess_token()


def test_it_writes_and_shows_buttons(peer: Any, fake: FakeZaloOa, lan: Person) -> None:
    logged_in(peer, fake)
    sent = peer.send_message(to(lan), body("Xin chào"))
    assert sent["data"]["message_id"] == lan.last.id
    button = {"title": "Hài lòng", "type": "oa.query.hide", "payload": "#1:4"}
    peer.send_message(to(lan), body("Mức hài lòng?", {"buttons": [button]}))
    assert lan.last.buttons == (("Hài lòng", "#1:4"),)
    with pytest.raises(zalo_sdk.ZaloOAException, match="-201"):
        peer.send_message(to(lan), body("x", {"buttons": [button] * 6}))
    with pytest.raises(zalo_sdk.ZaloOAException, match="-201"):
        peer.send_message(to(lan), body("x" * 2001))


def test_it_sends_a_picture(peer: Any, fake: FakeZaloOa, lan: Person) -> None:
    logged_in(peer, fake)
    up = peer.upload_file(JPEG, "image", "a.jpg", "image/jpeg")
    element = {"media_type": "image", "attachment_id": up["data"]["attachment_id"]}
    peer.send_message(to(lan), body("Ảnh", {"template_type": "media", "elements": [element]}))
    assert (lan.last.photo, lan.last.text) == (JPEG, "Ảnh")


def test_it_knows_an_ended_token_a_closed_window_and_the_quota(peer: Any, fake: FakeZaloOa, lan: Person) -> None:
    logged_in(peer, fake)
    assert peer.get_user_detail(lan.id)["data"]["display_name"] == "Lan"
    assert peer.get_zalo_oa_quotas("OA", "cs")["data"][0]["remain"] == "2000"
    assert peer.get_zalo_user_quotas(lan.id)["data"]["total"] == "2000"
    fake.advance(26 * 3600)
    with pytest.raises(zalo_sdk.ZaloOAAuthTokenExpiredException):
        peer.send_message(to(lan), body("x"))
    peer.refresh_acccess_token()
    fake.advance(7 * 86_400)
    peer.refresh_acccess_token()
    with pytest.raises(zalo_sdk.ZaloOAException, match="-230"):
        peer.send_message(to(lan), body("x"))
