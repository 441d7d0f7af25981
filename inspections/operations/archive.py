"""The frames of a backup file: every byte is under a check, so that a cut or altered file is recognised.

A line of magic, a short header, then frames. A frame is its length (the highest bit: the last one), its bytes
and a check: chained SHA-256, or AES-256-GCM under a key from the passphrase. It knows nothing of what it
carries.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from typing import IO, Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from inspections.site.refusal import Refusal

MAGIC = b"INSPECTIONS BACKUP 1\n"
FRAME = 1024 * 1024
LAST = 1 << 31
LONGEST_HEADER = 4096

CUT = "备份文件不完整（被截断），没有恢复任何内容；请改用另一份备份。"
ALTERED = "备份文件已损坏或被改动，没有恢复任何内容；请改用另一份备份。"
FOREIGN = "这不是本系统的备份文件。"
WRONG = "口令不对，没有恢复任何内容。"
NEEDED = "这份备份是加密的，请用 --passphrase-file 给出口令文件。"


class BadBackup(Refusal):
    """The file is no whole, unaltered backup, or the passphrase is not its own."""


class _Seal:
    """Makes and proves the checks of the frames, one after the other."""

    def __init__(self, header: bytes, key: bytes | None) -> None:
        self.state, self.key, self.n = hashlib.sha256(header).digest(), key, 0

    def shut(self, length: bytes, data: bytes) -> bytes:
        """The frame's bytes and check."""
        if self.key is None:
            self.state = hashlib.sha256(self.state + length + data).digest()
            return data + self.state
        return AESGCM(self.key).encrypt(self._nonce(), data, self.state + length)

    def opened(self, length: bytes, body: bytes) -> bytes:
        """The frame's bytes. Raises BadBackup."""
        if self.key is None:
            data, check = body[:-32], body[-32:]
            self.state = hashlib.sha256(self.state + length + data).digest()
            if not hmac.compare_digest(check, self.state):
                raise BadBackup(ALTERED)
            return data
        try:
            return AESGCM(self.key).decrypt(self._nonce(), body, self.state + length)
        except InvalidTag:
            raise BadBackup(ALTERED) from None

    def _nonce(self) -> bytes:
        """A counter: every file has a key of its own, for its salt is random."""
        self.n += 1
        return self.n.to_bytes(12, "big")

    @property
    def room(self) -> int:
        """Bytes of a check."""
        return 32 if self.key is None else 16


class Writer:
    """A file that one writes to; `close` writes the last frame."""

    def __init__(self, file: IO[bytes], passphrase: bytes | None = None) -> None:
        salt = secrets.token_bytes(16)
        key = None if passphrase is None else _key(passphrase, salt)
        header: dict[str, Any] = {"encrypted": key is not None}
        if key is not None:
            header |= {"salt": salt.hex(), "proof": _proof(key)}
        said = MAGIC + json.dumps(header).encode() + b"\n"
        file.write(said)
        self.file, self.seal, self.waiting = file, _Seal(said, key), bytearray()

    def write(self, data: bytes) -> int:
        """The number of bytes taken."""
        self.waiting += data
        while len(self.waiting) > FRAME:
            self._frame(bytes(self.waiting[:FRAME]), 0)
            del self.waiting[:FRAME]
        return len(data)

    def close(self) -> None:
        """Nothing; what waits is written as the last frame."""
        self._frame(bytes(self.waiting), LAST)

    def _frame(self, data: bytes, flag: int) -> None:
        length = (len(data) | flag).to_bytes(4, "big")
        self.file.write(length + self.seal.shut(length, data))


class Reader:
    """A file that one reads from. Raises BadBackup as soon as a frame is not what was written."""

    def __init__(self, file: IO[bytes], passphrase: Callable[[], bytes | None]) -> None:
        magic = file.read(len(MAGIC))
        if magic != MAGIC:
            raise BadBackup(FOREIGN)
        line = file.readline(LONGEST_HEADER)
        try:
            header = json.loads(line)
            encrypted = header["encrypted"]
            salt = bytes.fromhex(header["salt"]) if encrypted else b""
            proof = str(header["proof"]) if encrypted else ""
        except (ValueError, KeyError, TypeError):
            raise BadBackup(ALTERED if line.endswith(b"\n") else CUT) from None
        key = None
        if encrypted:
            words = passphrase()
            if words is None:
                raise BadBackup(NEEDED)
            key = _key(words, salt) if len(salt) == 16 else b""
            if not hmac.compare_digest(_proof(key), proof):
                raise BadBackup(WRONG)
        self.file, self.seal = file, _Seal(magic + line, key)
        self.frames, self.held = self._frames(), b""

    def read(self, size: int) -> bytes:
        """As many bytes, fewer at the end."""
        while len(self.held) < size:
            more = next(self.frames, None)
            if more is None:
                break
            self.held += more
        data, self.held = self.held[:size], self.held[size:]
        return data

    def finish(self) -> None:
        """Nothing; the rest of the file has been proven too."""
        for _ in self.frames:
            pass

    def _frames(self) -> Iterator[bytes]:
        while True:
            head = self._exactly(4)
            length = int.from_bytes(head, "big")
            size = length & ~LAST
            if size > FRAME:
                raise BadBackup(ALTERED)
            yield self.seal.opened(head, self._exactly(size + self.seal.room))
            if length & LAST:
                if self.file.read(1):
                    raise BadBackup(ALTERED)
                return

    def _exactly(self, size: int) -> bytes:
        data = self.file.read(size)
        if len(data) < size:
            raise BadBackup(CUT)
        return data


def _key(passphrase: bytes, salt: bytes) -> bytes:
    """32 bytes; a guess costs 64 MiB and a quarter of a second."""
    return hash_secret_raw(passphrase, salt, time_cost=3, memory_cost=65536, parallelism=1, hash_len=32,
                           type=Type.ID)  # fmt: skip


def _proof(key: bytes) -> str:
    """By this a wrong passphrase is told from an altered file; it gives nothing of the key away."""
    return hmac.new(key, b"inspections backup", hashlib.sha256).hexdigest()
