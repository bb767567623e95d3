"""Requests to strangers: neither led elsewhere nor held up, and what goes wrong there raises nothing."""

import datetime
import socket
import ssl
import threading
import time
from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications import outgoing
from notifications.addresses import Refused, check_url, is_public, target
from tests.notifications.receiving import LOOPBACK, listening, reply

PUBLIC = ["1.1.1.1", "93.184.215.14", "9.9.9.9", "2606:4700:4700::1111", "2a00:1450:4001::1"]
REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.9.9.9",
    "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "224.0.1.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "64:ff9b::7f00:1",
    "64:ff9b::101:101", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::1", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


def post(url, *, allowed=LOOPBACK, timeout=2.0, body=b"{}"):
    return outgoing.post(url=url, body=body, headers={}, allowed=allowed, timeout=timeout)


@pytest.fixture
def resolved(monkeypatch):
    """Names lead where the test says; each look-up is counted."""
    asked = []

    def resolve(*answers):
        def look(host, port, **_):
            asked.append(host)
            told = answers[min(len(asked), len(answers)) - 1]
            found = [told] if isinstance(told, str) else told
            return [
                (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
                for one in found
            ]  # fmt: skip

        monkeypatch.setattr(socket, "getaddrinfo", look)
        return asked

    return resolve


@pytest.fixture
def connected(monkeypatch):
    """Where connections go; none is made."""
    places = []

    def connect(self, address):
        places.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return places


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address, resolved, connected):
    assert is_public(ip_address(address))
    resolved(address)
    assert post("https://shop.example/", allowed=()).error == "nobody listens there"
    assert connected == [address]


@pytest.mark.parametrize("address", REFUSED)
def test_no_other_address_is_connected_to(address, resolved, connected):
    resolved(address)
    told = post("https://shop.example/", allowed=())
    assert told.error == f"{ip_address(address)} is not a public address."
    assert told.status is None
    assert connected == []
    literal = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        check_url(url=f"https://{literal}/", allowed=())


def test_one_private_address_among_public_ones_is_enough_to_refuse(resolved, connected):
    resolved(["1.1.1.1", "10.0.0.1"])
    assert "10.0.0.1 is not a public" in post("https://shop.example/", allowed=()).error
    assert connected == []


def test_a_name_is_looked_up_once_and_the_connection_goes_there(resolved, connected):
    asked = resolved("1.1.1.1", "127.0.0.1")
    post("https://rebinding.example/", allowed=())
    assert (asked, connected) == (["rebinding.example"], ["1.1.1.1"])


def test_without_encryption_only_allowed_networks_are_called(resolved, connected):
    resolved("1.1.1.1")
    assert post("http://shop.example/", allowed=()).error == "The address must begin with https://."
    post("http://shop.example/", allowed=[ip_network("1.1.1.0/24")])
    assert connected == ["1.1.1.1"]


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example", "//shop.example/", "ftp://shop.example/", "file:///etc/passwd", "https://",
        "https:///path", "https://user@shop.example/", "https://user:word@shop.example/",
        "https://@shop.example/", "https://shop.example:0/", "https://shop.example:99999/",
        "https://shop.example:/", "https://shop.example:80x/", "https://shop.example/#part",
        "https://shop.example/ x", "https://shop.example\\@evil.example/", "https://shop\n.example/",
        "https://shop.example/\r\nHost: x", "https://bücher.example/", "https://shop..example/",
        "https://-shop.example/", "https://shop.example./", "https://0x7f.1/", "https://2130706433/",
        "https://017700000001/", "https://127.1/", "https://0177.0.0.1/", "https://0x7f000001/",
        "https://1.2.3.4.5/", "https://[::1", "https://[::1%25lo]/", "https://[fe80::1%lo]/",
        "https://::1/", "https://[v1.x]/", "https://" + "a" * 500 + ".example/", "https://a b/",
    ],
)  # fmt: skip
def test_a_malformed_address_is_refused_and_nobody_is_called(url, connected):
    with pytest.raises(Refused):
        check_url(url=url, allowed=LOOPBACK)
    assert post(url).error
    assert connected == []


def test_what_an_address_is_taken_apart_into():
    told = target("https://Shop.Example:8443/a/b?c=d")
    assert (told.secure, told.host, told.port, told.path) == (
        True,
        "shop.example",
        8443,
        "/a/b?c=d",
    )
    assert target("http://[2606:4700::1]").authority == "[2606:4700::1]"
    assert target("http://shop.example?x").path == "/?x"
    assert target("https://shop.example:443").authority == "shop.example"


def answering(answer):
    return listening(answer=lambda _, handler: answer(handler))


def test_a_megabyte_is_an_answer_of_which_the_beginning_is_kept():
    with answering(lambda handler: reply(handler, 200, b"x" * 1_000_000)) as receiver:
        told = post(receiver.url)
    assert (told.status, told.error) == (200, "")
    assert told.answer == "x" * 1000


def test_headers_without_an_end_are_not_read_to_it():
    def flood(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(2000):
            handler.wfile.write(b"X-%d: " % n + b"y" * 900 + b"\r\n")

    with answering(flood) as receiver:
        assert "headers are too large" in post(receiver.url).error


def test_headers_that_drip_end_by_the_deadline():
    def drip(handler):
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"z" * 1000:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.01)

    with answering(drip) as receiver:
        told = post(receiver.url, timeout=0.3)
    assert told.error == "no answer within 0.3 seconds"
    assert told.duration_ms < 600


def test_a_text_that_drips_does_not_undo_its_status(monkeypatch):
    monkeypatch.setattr(outgoing, "ANSWER_SECONDS", 0.2)

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"z")
            time.sleep(0.01)

    with answering(drip) as receiver:
        told = post(receiver.url)
    assert told.status == 202
    assert set(told.answer) == {"z"}
    assert told.duration_ms < 600


def test_an_address_that_hangs_ends_by_the_deadline():
    with answering(lambda _: time.sleep(0.5)) as receiver:
        told = post(receiver.url, timeout=0.2)
    assert told.error == "no answer within 0.2 seconds"
    assert told.duration_ms < 450


def test_a_reader_that_takes_nothing_ends_by_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        told = post(url, timeout=0.2, body=b"x" * 20_000_000)
    assert told.error == "no answer within 0.2 seconds"


def test_a_reader_that_takes_little_at_a_time_ends_by_the_deadline():
    def sip():
        taken, _ = slow.accept()
        with taken:
            while taken.recv(65536):
                time.sleep(0.003)

    with socket.create_server(("127.0.0.1", 0)) as slow:
        threading.Thread(target=sip, daemon=True).start()
        url = f"http://127.0.0.1:{slow.getsockname()[1]}/"
        told = post(url, timeout=0.4, body=b"x" * 40_000_000)
    assert told.error == "no answer within 0.4 seconds"
    assert told.duration_ms < 700


def test_a_name_that_is_not_found_in_time_ends_by_the_deadline(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: go_on.wait(5) and [])
    told = post("https://slow.example/", timeout=0.1)
    go_on.set()
    assert told.error == "no answer within 0.1 seconds"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "its answer is not HTTP"),
        (lambda handler: None, "it hung up without an answer"),
        (lambda handler: handler.wfile.write(b"\x00\xff" * 90), "its answer is not HTTP"),
    ],
)
def test_what_is_no_answer_is_told_in_words(answer, words):
    with answering(answer) as receiver:
        assert words in post(receiver.url).error


def test_nobody_there_is_told_in_words():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        assert post(url).error == "nobody listens there"
    assert "cannot be found" in post("https://nobody.invalid/").error


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with listening() as receiver:
        assert post(receiver.url).status == 204


# --- Encryption --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of shop.test, signed by itself; where it lies."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(1))
        .not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.test")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *plain))
    return path


@pytest.fixture
def secure(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(context) as receiver:
        yield receiver


@pytest.fixture
def trusted(certificate, monkeypatch):
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(outgoing, "_context", lambda: context)


def test_the_certificate_is_that_of_the_name(secure, trusted, resolved):
    resolved("127.0.0.1")
    port = secure.url.split(":")[2]
    assert post(f"https://shop.test:{port}").status == 204
    told = post(f"https://other.test:{port}").error
    assert "its certificate is not valid" in told
    assert "other.test" in told


def test_a_certificate_that_nobody_vouches_for_is_refused(secure, resolved):
    resolved("127.0.0.1")
    assert (
        "its certificate is not valid"
        in post(f"https://shop.test:{secure.url.split(':')[2]}").error
    )


def test_a_handshake_that_hangs_ends_by_the_deadline(resolved):
    resolved("127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        told = post(f"https://shop.test:{mute.getsockname()[1]}/", timeout=0.2)
    assert told.error == "no answer within 0.2 seconds"
