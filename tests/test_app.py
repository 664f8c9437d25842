"""What create_app decides: whose word is taken for where a request comes from."""

from __future__ import annotations

import pytest
from flask import request

from app import create_app
from schools.access import public
from tests.conftest import settings_for


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.9"), (1, "203.0.113.7")])
def test_a_forwarded_address_is_believed_only_of_trusted_proxies(tmp_path, proxies, seen):
    app = create_app(settings_for(tmp_path, trusted_proxies=proxies))

    @app.get("/whence")
    @public("a test")
    def whence():
        return request.remote_addr

    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    answer = app.test_client().get("/whence", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.text == seen
    app.extensions["database"].close()
