"""BIND and PORT: any address of this machine, and words that name the one of both that is wrong."""

import pytest

from inventory_site.listening import listening
from inventory_site.local_services import CannotStart
from tests.site.test_running import free_port


def listens(monkeypatch, bind, port):
    monkeypatch.setenv("BIND", bind)
    monkeypatch.setenv("PORT", str(port))
    return listening()


@pytest.mark.parametrize(
    ("bind", "bound", "asked", "address"),
    [
        ("127.0.0.1", "127.0.0.1:{}", "127.0.0.1", "http://localhost:{}"),
        ("0.0.0.0", "0.0.0.0:{}", "127.0.0.1", "http://localhost:{}"),
        ("127.0.0.2", "127.0.0.2:{}", "127.0.0.2", "http://127.0.0.2:{}"),
        ("localhost", "localhost:{}", "localhost", "http://localhost:{}"),
    ],
)
def test_an_address_is_bound_asked_and_shown(monkeypatch, bind, bound, asked, address):
    port = free_port()
    where = listens(monkeypatch, bind, port)
    assert where.bound == bound.format(port)
    assert where.asked == (asked, port)
    assert where.address == address.format(port)
    assert where.own_host == ("127.0.0.2" if bind == "127.0.0.2" else "")


def test_one_of_ipv6_stands_in_brackets():
    from inventory_site.listening import Listening

    assert Listening("::", 80).bound == "[::]:80"
    assert Listening("::", 80).asked == ("::1", 80)
    assert Listening("fd00::7", 80).address == "http://[fd00::7]:80"
    assert Listening("fd00::7", 80).own_host == "[fd00::7]"


@pytest.mark.parametrize("bind", ["nonsense", "192.0.2.1", "a..b"])
def test_a_wrong_address_is_named_and_not_the_port(monkeypatch, bind):
    with pytest.raises(CannotStart, match=r"^BIND is .*expected an address of this machine"):
        listens(monkeypatch, bind, free_port())


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_wrong_port_is_named(monkeypatch, port):
    with pytest.raises(CannotStart, match=r"^PORT is .*from 1 to 65535"):
        listens(monkeypatch, "127.0.0.1", port)
