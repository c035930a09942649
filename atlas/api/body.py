"""Response bodies, made and compressed once per version of the table."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Final

REVALIDATE: Final = "no-cache"
FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For addresses that carry a hash of their content."""
_GZIP_LEVEL: Final = 6  # 9 costs three times as long for two per cent


@dataclass(frozen=True, slots=True)
class Body:
    """A response body, plain and compressed, with its strong ETag."""

    plain: bytes
    packed: bytes
    etag: str

    @classmethod
    def of(cls, content: bytes) -> Body:
        """Compress ``content``; the same content gives the same bytes."""
        return cls(content, gzip.compress(content, _GZIP_LEVEL, mtime=0), _etag(content))

    @classmethod
    def of_packed(cls, packed: bytes) -> Body:
        """Return the body that `of` has compressed to ``packed``."""
        content = gzip.decompress(packed)
        return cls(content, packed, _etag(content))

    @classmethod
    def of_json(cls, value: object) -> Body:
        """Serialize ``value`` compactly and compress it."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return cls.of(text.encode())


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'
