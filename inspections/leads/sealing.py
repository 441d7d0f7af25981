"""Seals bytes for the holders of private keys: AES-256-GCM, its key wrapped by RSA-OAEP for each.

Envelope encryption as in NIST SP 800-38D and RFC 8017 (OAEP with SHA-256); a browser opens it with WebCrypto.
It knows no record.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from inspections.site.refusal import Refusal

LEAST_BITS = 3072
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What may be stored: the secret wrapped for each key, the nonce, the body with its tag."""

    wrapped: tuple[bytes, ...]
    nonce: bytes
    body: bytes

    @property
    def sha256(self) -> str:
        """Of the sealed body: what the receipt names."""
        return hashlib.sha256(self.body).hexdigest()


class NotOpened(Exception):
    """The key does not fit, or the sealed bytes were changed."""


def read_public(pem: str) -> rsa.RSAPublicKey:
    """The public key in PEM. Raises Refusal for anything else and for a weak one."""
    try:
        key = serialization.load_pem_public_key(pem.strip().encode())
    except (ValueError, TypeError):
        raise Refusal("这不是公钥文件（PEM 格式）。") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_BITS:
        raise Refusal(f"公钥应为不少于 {LEAST_BITS} 位的 RSA 公钥。")
    return key


def fingerprint(key: rsa.RSAPublicKey) -> str:
    """SHA-256 of the key's DER form, in hex."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def wrap(key: rsa.RSAPublicKey, secret: bytes) -> bytes:
    """At most 190 bytes for that key alone."""
    return key.encrypt(secret, _OAEP)


def unwrap(key: rsa.RSAPrivateKey, wrapped: bytes) -> bytes:
    """What `wrap` closed. Raises ValueError for another key's. Used where the private key is."""
    return key.decrypt(wrapped, _OAEP)


def seal(keys: Sequence[rsa.RSAPublicKey], text: bytes, bound_to: bytes) -> Sealed:
    """The text sealed for each of these keys, one of which is enough to open it.

    It is bound to `bound_to` (the lead's number) and opens under no other.
    """
    secret, nonce = AESGCM.generate_key(bit_length=256), os.urandom(12)
    wrapped = tuple(wrap(key, secret) for key in keys)
    return Sealed(wrapped, nonce, AESGCM(secret).encrypt(nonce, text, bound_to))


def open_sealed(key: rsa.RSAPrivateKey, sealed: Sealed, bound_to: bytes) -> bytes:
    """The text. Raises NotOpened. Used where the private key is: never on the server."""
    for wrapped in sealed.wrapped:
        try:
            return AESGCM(unwrap(key, wrapped)).decrypt(sealed.nonce, sealed.body, bound_to)
        except (ValueError, InvalidTag):
            continue
    raise NotOpened
