"""Ways out: a mirror of the Hub, a proxy as the only way, a private certificate authority."""

from __future__ import annotations

import datetime as dt
import ipaddress
import threading
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fakes.proxy import Proxy
from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub

HIDDEN = "hub.internal.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return the files of a certificate that nobody trusts by default, and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A private authority")])
    today = dt.datetime.now(dt.UTC)
    names = [
        x509.DNSName(HIDDEN),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "ca.pem"), str(folder / "key.pem")


@pytest.fixture
def secure_hub(hub: Hub, certificate: tuple[str, str]) -> Iterator[Hub]:
    """The same models, over TLS, on a host name that only the proxy knows."""
    server = Hub(hub.repositories.root, tls=certificate, host=HIDDEN)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(secure_hub: Hub) -> Iterator[Proxy]:
    """The only way to the hidden Hub."""
    server = Proxy({HIDDEN: secure_hub.server_port})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_proxy_is_the_only_way_out_and_the_authority_is_private(  # noqa: PLR0917 - fixtures
    program: Program,
    bucket: Bucket,
    publish: Publish,
    secure_hub: Hub,
    proxy: Proxy,
    certificate: tuple[str, str],
) -> None:
    program.succeed(
        MODEL_ID=publish(),
        HF_ENDPOINT=secure_hub.url,
        HTTPS_PROXY=proxy.url,
        NO_PROXY="127.0.0.1",
        CA_BUNDLE=certificate[0],
    )

    assert set(bucket.files(PREFIX)) == STAGED
    assert set(proxy.tunnels) == {HIDDEN}
    assert any("/tree/" in request for request in secure_hub.requests)
    assert any("/_signed/" in request for request in secure_hub.requests)


def test_without_the_proxy_there_is_no_way(
    program: Program, publish: Publish, secure_hub: Hub, certificate: tuple[str, str]
) -> None:
    log = program.fail(
        MODEL_ID=publish(), HF_ENDPOINT=secure_hub.url, CA_BUNDLE=certificate[0], ATTEMPTS="1"
    )

    assert "no answer" in log


def test_an_authority_that_is_not_named_is_not_trusted(
    program: Program, publish: Publish, secure_hub: Hub, proxy: Proxy
) -> None:
    log = program.fail(
        MODEL_ID=publish(), HF_ENDPOINT=secure_hub.url, HTTPS_PROXY=proxy.url, ATTEMPTS="1"
    )

    assert "CERTIFICATE_VERIFY_FAILED" in log


def test_a_bundle_that_is_not_there_is_a_wrong_setting(program: Program, publish: Publish) -> None:
    assert "CA_BUNDLE" in program.fail(2, MODEL_ID=publish(), CA_BUNDLE="/not/there.pem")


def test_a_mirror_below_a_path_is_asked_for_everything(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    program.succeed(MODEL_ID=publish(), HF_ENDPOINT=f"{hub.url}/mirror/")

    assert set(bucket.files(PREFIX)) == STAGED
    hub_requests = [r for r in hub.requests if "_signed" not in r]
    assert hub_requests
    assert all(" /mirror/" in request for request in hub_requests)
