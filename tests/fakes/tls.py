"""A certificate for 127.0.0.1 that nobody trusts until told to."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

_CONFIG = """
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = fake OpenRouter
[extensions]
subjectAltName = IP:127.0.0.1
basicConstraints = critical, CA:true
"""


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a new self-signed certificate, and the certificate's file.

    Skips the test where there is no ``openssl`` command to make one.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    config, certificate, key = folder / "req.cnf", folder / "cert.pem", folder / "key.pem"
    config.write_text(_CONFIG)
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    files = ["-config", str(config), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *options.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
