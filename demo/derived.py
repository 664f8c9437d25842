"""The demo's passwords, tokens and keys, derived from SECRET_KEY: each call prints the same, no two sites share them."""

from __future__ import annotations

import base64
import hashlib
import hmac


def derived(secret: str, what: str, length: int = 32) -> str:
    """``length`` characters of A-Z, a-z, 2-7, unguessable without ``secret``; 32 of them carry more than 128 bits."""
    digest = hmac.new(secret.encode(), f"demo:{what}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:length]
