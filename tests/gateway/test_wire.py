"""What an error of ``requests`` says of the message: surely not sent, or nobody knows."""

from __future__ import annotations

import ssl

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError
from urllib3.exceptions import SSLError as UrllibSSLError

from gateway.provider import AMBIGUOUS, NOT_SENT, REFUSED, SendFailed
from gateway.wire import attempt


def tls(reason):
    """As requests raises it: the error of ssl within urllib3's, within that of its last try."""
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed") if reason == "certificate" else ssl.SSLError(1, reason)
    if reason != "certificate":
        inner.reason = reason
    return requests.exceptions.SSLError(MaxRetryError(None, "/", UrllibSSLError(inner)))


@pytest.mark.parametrize(
    ("error", "retry"),
    [
        (requests.exceptions.ConnectTimeout(), NOT_SENT),
        (requests.exceptions.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused"))), NOT_SENT),
        (requests.exceptions.ProxyError(), NOT_SENT),
        (tls("certificate"), NOT_SENT),
        (tls("WRONG_VERSION_NUMBER"), NOT_SENT),
        (tls("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), AMBIGUOUS),  # while the answer was read
        (tls("TLSV1_ALERT_INTERNAL_ERROR"), AMBIGUOUS),
        (requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")), AMBIGUOUS),
        (requests.exceptions.ReadTimeout(), AMBIGUOUS),
        (requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError())), AMBIGUOUS),
        (requests.exceptions.ChunkedEncodingError(), AMBIGUOUS),
        (requests.exceptions.ContentDecodingError(), AMBIGUOUS),
        (requests.exceptions.InvalidURL(), REFUSED),
    ],
)
def test_only_what_ends_before_the_first_byte_is_not_sent(error, retry):
    def call():
        raise error

    with pytest.raises(SendFailed) as failed:
        attempt(call)
    assert (failed.value.retry, failed.value.reason) == (retry, type(error).__name__)
