"""Secrets that the database holds as cipher: who has a copy of it, and not SECRET_KEY, opens no account with it."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def hide(text: str) -> str:
    return _lock().encrypt(text.encode()).decode()


def reveal(hidden: str) -> str | None:
    """None where neither the key nor a former one opens it."""
    try:
        return _lock().decrypt(hidden.encode()).decode()
    except InvalidToken:
        return None


def _lock() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"izportal.ciphers").derive(secret.encode())
    return base64.urlsafe_b64encode(made)
