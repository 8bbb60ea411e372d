"""The network of a company: certificates, proxies, sub-paths, separate addresses (S11); what HTTP does not keep."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import truststore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from upstream.auth import ManagerLogin, NoAuthentication
from upstream.campaign.campaigns import GetCampaigns
from upstream.errors import NotConfigured, Unavailable
from upstream.http import Http, Loss, Reply, trusted
from upstream.limits import Policy
from upstream.session import Access, SessionManager
from upstream.tokens import MemoryTokenStore

pytestmark = pytest.mark.anyio


class Empty(BaseHTTPRequestHandler):
    """Answers every GET with an empty list."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, which nobody has vouched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "campaign-mcp tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def secure(authority: Path) -> Iterator[str]:
    """The address of an HTTPS server with that certificate."""
    server = HTTPServer(("127.0.0.1", 0), Empty)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_certificate_nobody_vouches_for_is_refused_and_the_remedy_named(secure: str, manager_of: Any) -> None:
    with pytest.raises(NotConfigured, match=r"not trusted: .*SSL_CERT_FILE"):
        await manager_of(secure, NoAuthentication()).session("unica").send(GetCampaigns())


async def test_the_certificate_file_of_the_environment_is_trusted(
    secure: str, authority: Path, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    assert await manager_of(secure, NoAuthentication()).session("unica").send(GetCampaigns()) == []


async def test_the_certificate_file_of_the_settings_is_trusted(secure: str, authority: Path, manager_of: Any) -> None:
    session = manager_of(secure, NoAuthentication(), policy=Policy(ca_file=str(authority))).session("unica")
    assert await session.send(GetCampaigns()) == []


async def test_a_certificate_file_that_is_missing_is_named(
    secure: str, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
    with pytest.raises(NotConfigured, match=r"file of trusted certificates.*SSL_CERT_FILE"):
        await manager_of(secure, NoAuthentication()).session("unica").send(GetCampaigns())


def test_the_store_of_the_system_is_trusted() -> None:
    context = trusted()
    assert isinstance(context, truststore.SSLContext)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_a_proxy_of_the_environment_is_used(
    scripted: Any, manager_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", scripted.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    scripted.answer("200 OK", b"[]")
    session = manager_of("http://unica.invalid", NoAuthentication()).session("unica")
    assert await session.send(GetCampaigns()) == []
    assert scripted.received[0].startswith("GET http://unica.invalid/Campaign/api/campaign/rest/v1/campaigns HTTP/1.1")


async def test_a_proxy_that_refuses_is_told(scripted: Any, manager_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", scripted.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    scripted.answer("407 Proxy Authentication Required")
    session = manager_of("https://unica.invalid", NoAuthentication(), policy=Policy(repeat_within=0.1)).session("unica")
    with pytest.raises(Unavailable, match=r"the proxy refused.*HTTPS_PROXY"):
        await session.send(GetCampaigns())


async def test_a_proxy_address_that_is_none_is_told(manager_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example.com")
    with pytest.raises(NotConfigured, match="the proxy in the environment"):
        await manager_of("http://unica.invalid", NoAuthentication()).session("unica").send(GetCampaigns())


async def test_separate_addresses_with_sub_paths(scripted: Any) -> None:
    addresses = {"unica-platform": f"{scripted.url}/platform/", "unica-campaign": f"{scripted.url}/a/b"}
    access = Access("unica", addresses, ManagerLogin("service", "pass"))
    scripted.answer("200 OK", b'{"m_tokenId": "t"}')
    scripted.answer("200 OK", b"[]")
    async with SessionManager({"unica": access}, MemoryTokenStore(), approval_key=b"k") as manager:
        await manager.session("unica").send(GetCampaigns(sort="+name"))
        lines = [each.splitlines()[0] for each in scripted.received]
    assert lines == [
        "POST /platform/unica/api/manager/authentication/login/ HTTP/1.1",
        "GET /a/b/Campaign/api/campaign/rest/v1/campaigns?sort=%2Bname HTTP/1.1",
    ]


@pytest.mark.parametrize("address", ["unica.example.com", "ftp://unica.example.com", "http://", "https://[::1"])
async def test_an_address_that_is_none_is_told(address: str, manager_of: Any) -> None:
    with pytest.raises(NotConfigured, match="CAMPAIGN_MCP_UNICA__CAMPAIGN_URL"):
        await manager_of(address, NoAuthentication()).session("unica").send(GetCampaigns())


async def test_cookies_are_not_kept(scripted: Any, manager_of: Any) -> None:
    scripted.answer("200 OK", b"[]", Set_Cookie="JSESSIONID=of-somebody; Path=/")
    session = manager_of(scripted.url, NoAuthentication()).session("unica")
    await session.send(GetCampaigns())
    await session.send(GetCampaigns())
    assert not any("JSESSIONID" in each for each in scripted.received)


async def test_the_answer_is_told_from_its_loss(scripted: Any) -> None:
    http = Http(Policy())
    scripted.answer("200 OK", "zażółć".encode("cp1250"), Content_Type="text/plain; charset=windows-1250")
    answered = await http.exchange("GET", scripted.url, {})
    assert isinstance(answered, Reply)
    assert (answered.text, answered.media_type) == ("zażółć", "text/plain")
    scripted.answers[:] = [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=x-no\r\nConnection: close\r\n\r\nok"]
    answered = await http.exchange("GET", scripted.url, {})
    assert isinstance(answered, Reply)
    assert answered.text == "ok"
    scripted.answers[:] = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
    assert await http.exchange("GET", scripted.url, {}) == Loss("lost", "the connection ended before a complete answer")
    scripted.answers[:] = [b"SSH-2.0-OpenSSH\r\n"]
    lost = await http.exchange("GET", scripted.url, {})
    assert isinstance(lost, Loss)
    assert lost.left
    await http.close()
    await http.close()
