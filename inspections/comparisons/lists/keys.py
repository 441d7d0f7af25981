"""Keyed hashes: HMAC-SHA256 cut to 128 bits, a domain of its own for each kind of value.

The key is 256 random bits of one exercise, kept outside the database and its backups (`holder.py`),
never in an address,
a setting or a query: whoever has the key and the hashes has the numbers.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

KEY_BYTES = 32


def new_key() -> bytes:
    """A fresh key of 256 bits."""
    return secrets.token_bytes(KEY_BYTES)


def key_id(key: bytes) -> str:
    """The name of a key that may be printed: the first 8 bytes of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


def hasher(key: bytes, domain: str) -> Callable[[str], bytes]:
    """A function that answers a value's keyed hash of 16 bytes within one domain (identity,
    account, phone, …)."""
    start = hmac.new(key, domain.encode() + b"\0", "sha256")

    def keyed(value: str) -> bytes:
        state = start.copy()
        state.update(value.encode())
        return state.digest()[:16]

    return keyed
