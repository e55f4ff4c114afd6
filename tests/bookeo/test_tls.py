"""Promises under TLS: no key goes to a stranger, and a break after sending leaves a write unknown."""

import datetime
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from booking.bookeo import AnswerLost, Bookeo, ConnectionFailed
from tests.bookeo.manners import break_off
from tests.bookeo.samples import payload_bytes
from tests.bookeo.wire_server import Manner, WireServer, read_request, response

Serve = Callable[[Manner], WireServer]
Connect = Callable[..., Bookeo]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that only itself vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
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
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the client trust the server of this test."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))


def _under_tls(certificate: Path, treat: Callable[[ssl.SSLSocket], None]) -> Manner:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def shake_hands(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            treat(secure)

    return shake_hands


def _end_without_goodbye(connection: ssl.SSLSocket) -> None:
    read_request(connection)
    connection.shutdown(socket.SHUT_RDWR)


def _garble(connection: ssl.SSLSocket) -> None:
    read_request(connection)
    os.write(connection.fileno(), b"not a record of TLS " * 100)


def _answer(connection: ssl.SSLSocket) -> None:
    read_request(connection)
    connection.sendall(response(200, payload_bytes("hold.response")))


def test_stranger_gets_no_request(certificate: Path, serve: Serve, connect: Connect) -> None:
    heads: list[bytes] = []
    server = serve(_under_tls(certificate, lambda connection: heads.append(read_request(connection))))
    with pytest.raises(ConnectionFailed) as caught:
        connect(server.address, scheme="https").cancel_booking(booking_number="1")
    assert not caught.value.outcome_unknown
    assert heads == []


@pytest.mark.usefixtures("trusted")
def test_trusted_server_is_read(certificate: Path, serve: Serve, connect: Connect) -> None:
    server = serve(_under_tls(certificate, _answer))
    assert connect(server.address, scheme="https").get_hold(hold_id="H").id == "q7TzB41nEw9KcMfA"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("break_off", [break_off, _end_without_goodbye, _garble])
def test_write_is_sent_once_when_tls_breaks_after_it(
    break_off: Callable[[ssl.SSLSocket], None], certificate: Path, serve: Serve, connect: Connect
) -> None:
    server = serve(_under_tls(certificate, break_off))
    with pytest.raises(AnswerLost) as caught:
        connect(server.address, scheme="https").cancel_booking(booking_number="1")
    assert caught.value.outcome_unknown
    assert server.connections == 1
