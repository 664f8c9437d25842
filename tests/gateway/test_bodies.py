"""Bodies that no browser sends."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from gateway.bodies import LONGEST, Incoming, TooLong, Unreadable, read

FORM = "application/x-www-form-urlencoded"


def incoming(body=b"", content_type=FORM, query=b"", **more) -> Incoming:
    environ = EnvironBuilder(method="POST", path="/x", query_string=query.decode("latin-1")).get_environ()
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type, **more}
    return read(environ)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"text=A+B%20C", "A B C"),
        (b"text=caf\xe9", "café"),  # Latin-1 in the raw: Werkzeug would drop the whole form
        (b"text=caf%E9&from=1", "café"),
        (b"text=%ff%fe", "ÿþ"),
        (b"text=a%00b", "ab"),
        (b"text=%ED%A0%80", "í\xa0€"),  # a surrogate's bytes are not UTF-8
        (b"text=e%CC%81", "é"),
        (b"text=%F0%9F%98%80", "😀"),
        (b"text=1&text=2", "1"),
        (b"text=", ""),
        (b"text", ""),
        (b"text=%zz", "%zz"),
        (b"&&&text=x&", "x"),
        (b"other=1", "-"),
    ],
)
def test_a_field_of_a_form(body, text):
    assert incoming(body).get("text", "-") == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"text": "A"}', "A"),
        (b'{"text": 12.50}', "12.50"),
        (b'{"text": "\\ud800x"}', "?x"),
        (b'{"text": null}', "-"),
        (b'{"text": {"a": [1]}}', '{"a": ["1"]}'),
        (b'{"text": "[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', "[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
        (b'{"text": 99999999999999999999999999999999}', "99999999999999999999999999999999"),
        (b'{"text": true}', "true"),
    ],
)
def test_a_member_of_a_json(body, text):
    assert incoming(body, "application/json").get("text", "-") == text
    assert incoming(body, FORM).get("text", "-") == text  # relay phones announce a form


@pytest.mark.parametrize(
    "body",
    [b"[" * 5000, b'{"a":' * 1500, b"[1]", b'"x"', b'{"a": NaN}', b'{"a": Infinity}', b'{"a"', b"\xff\xfe{", b"1e9999999"],
)
def test_a_json_that_is_none_is_unreadable(body):
    with pytest.raises(Unreadable):
        incoming(body, "application/json")


def test_fifty_fields_are_read_and_more_are_not():
    assert incoming(b"&".join(b"f%d=1" % n for n in range(50))).get("f49") == "1"
    with pytest.raises(Unreadable):
        incoming(b"&".join(b"f%d=1" % n for n in range(51)))
    with pytest.raises(Unreadable):
        incoming(b"&".join(b"f%d=1" % n for n in range(26)), query=b"&".join(b"q%d=1" % n for n in range(25)))
    with pytest.raises(Unreadable):
        incoming(b"&" * 5000)


def test_eight_kilobytes_are_read_and_more_are_not():
    assert len(incoming(b"text=" + b"x" * (LONGEST - 5)).raw("text")) == LONGEST - 5
    with pytest.raises(TooLong):
        incoming(b"text=" + b"x" * (LONGEST - 4))
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert incoming(b"text=x", **chunked).get("text") == "x"
    with pytest.raises(TooLong):
        incoming(b"text=" + b"x" * 100_000, **chunked)
    with pytest.raises(TooLong):
        incoming(query=b"text=" + b"x" * LONGEST)


def test_a_multipart_form_is_read_and_a_torn_one_is_not():
    body = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nA\r\n--b--\r\n'
    assert incoming(body, "multipart/form-data; boundary=b").get("text") == "A"
    with pytest.raises(Unreadable):
        incoming(body, "multipart/form-data")


def test_the_form_keeps_repeated_and_blank_fields():
    form = incoming(b"Digits=2&Digits=1&Body=&Sid=x", query=b"hop=1").form
    assert sorted(form.items(multi=True)) == [("Body", ""), ("Digits", "1"), ("Digits", "2"), ("Sid", "x")]


@given(st.binary(max_size=300), st.sampled_from([FORM, "application/json", "text/plain", "", "multipart/form-data; boundary=b"]))
def test_no_bytes_break_it(body, content_type):
    try:
        found = incoming(body, content_type)
    except (Unreadable, TooLong):
        return
    for name in found.fields:
        found.get(name).encode("utf-8")
        assert "\0" not in found.get(name)


def test_a_body_that_says_how_long_it_is_is_not_read_where_that_is_too_long():
    class Unread(io.BytesIO):
        def read(self, *size):
            raise AssertionError("it was read")

    with pytest.raises(TooLong):
        incoming(**{"wsgi.input": Unread(), "CONTENT_LENGTH": "10000000"})


def test_a_json_nests_twenty_deep_and_no_deeper():
    assert incoming(b'{"a":' + b"[" * 19 + b"]" * 19 + b"}", "application/json").has("a")
    with pytest.raises(Unreadable):
        incoming(b'{"a":' + b"[" * 20 + b"]" * 20 + b"}", "application/json")
