"""A file on disk that only this process can read: its key is random, lies in memory and goes with the
process."""

import io
import secrets
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
_PIECE = 1 << 20


class Readable(Protocol):
    """Whatever bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


class Sealed:
    """What a stream brought, encrypted as it came (AES-256-CTR); `open` reads it again, at any place."""

    def __init__(self, path: Path) -> None:
        self.path, self._key, self.size = path, secrets.token_bytes(32), 0

    def take(self, stream: Readable) -> None:
        """Nothing; all of the stream lies in the file, and nothing of it in clear."""
        cipher = self._cipher(0)
        with self.path.open("wb") as file:
            while piece := stream.read(_PIECE):
                file.write(cipher.update(piece))
                self.size += len(piece)

    def open(self) -> BinaryIO:
        """The bytes as they came."""
        return io.BufferedReader(_Reading(self), _PIECE)

    def decryptor(self, block: int) -> Any:
        """What turns the file's bytes from that block on into what came."""
        return self._cipher(block)

    def _cipher(self, block: int) -> Any:
        # the key is used for one file only, so that counting from nought is no weakness
        return Cipher(algorithms.AES(self._key), modes.CTR(block.to_bytes(_BLOCK, "big"))).encryptor()


class _Reading(io.RawIOBase):
    def __init__(self, sealed: Sealed) -> None:
        self.sealed, self.file = sealed, sealed.path.open("rb")
        self.place = 0
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place if whence else 0, io.SEEK_END: self.sealed.size}[
            whence
        ]
        self.place = start + offset
        block, rest = divmod(self.place, _BLOCK)
        self.file.seek(block * _BLOCK)
        self.cipher = self.sealed.decryptor(block)
        self.cipher.update(self.file.read(rest))
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any) -> int:
        data = self.cipher.update(self.file.read(len(buffer)))
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()
