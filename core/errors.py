"""What went wrong, in the reader's language: what happened, what was kept, what to do. Never a stack trace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from core.hot import Busy
from core.request_id import request_id

MACHINES = ("/gateway/", "/stations/", "/radiodns/", "/healthz", "/readyz", "/metrics")  # told in one plain line
API = ("/api/", "/openapi.json")  # told as a problem document, RFC 9457
UNKEPT = {"content-type", "content-length", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """``again`` is True where sending the same once more is the thing to do."""

    title: str
    what: str
    remedy: str
    again: bool = False


def init_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Busy, lambda error: answer(ServiceUnavailable(retry_after=2)))


def answer(error: HTTPException) -> Response:
    """The error as a page, as one plain line for machines, or as a problem document for the API."""
    if error.response is not None or error.code is None or error.code < 400:  # a redirect, or an answer made by hand
        made: Response = Response.force_type(error.get_response(request.environ), request.environ)  # type: ignore[assignment]
        return made
    if error.code >= 500:
        g.unreadable = True  # whatever failed may be what says whose page this is
    told = trouble(error)
    if request.path.startswith(API):
        response = problem(error.code, told.title, f"{told.what} {told.remedy}".strip())
    elif request.path.startswith(MACHINES):
        response = Response(f"{told.what}\n", error.code, content_type="text/plain; charset=utf-8")
    else:
        response = Response(_page(error.code, told), error.code, content_type="text/html; charset=utf-8")
    for name, value in error.get_headers(request.environ):  # Allow, Retry-After, WWW-Authenticate
        if name.lower() not in UNKEPT:
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, title: str, detail: str, **more: object) -> Response:
    """A problem document (RFC 9457). ``more`` are members of its own, such as ``errors``."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json; charset=utf-8")


def trouble(error: HTTPException) -> Trouble:
    """What an error says to a person. A sentence that was given to ``abort`` comes before ours."""
    code = error.code or 500
    told = _csrf() if isinstance(error, CSRFError) else _known(code)
    own = error.description if isinstance(error.description, str) else ""
    if own and own != type(error).description and not isinstance(error, CSRFError) and code < 500:
        return Trouble(told.title, own, told.remedy, told.again)
    return told


def _csrf() -> Trouble:
    return Trouble(
        _("Formulir ini sudah terlalu lama terbuka"),
        _("Kami tidak yakin bahwa formulir ini dikirim oleh Anda, jadi belum ada yang disimpan."),
        _("Kembali ke halaman sebelumnya (isian Anda masih ada di sana), muat ulang bila perlu, lalu kirim lagi."),
        True,
    )


def _known(code: int) -> Trouble:
    if code == 401:
        return Trouble(
            _("Anda perlu masuk lagi"),
            _("Waktu masuk Anda sudah habis, jadi kiriman ini belum disimpan."),
            _("Masuk di tab baru, lalu muat ulang halaman ini: isian Anda dikirim lagi."),
            True,
        )
    if code == 403:
        return Trouble(
            _("Ini bukan untuk Anda"), _("Akun Anda tidak boleh membuka ini."), _("Tanyakan kepada admin sekolah Anda.")
        )
    if code in (404, 410):
        return Trouble(
            _("Halaman ini tidak ada"),
            _("Alamat ini tidak menunjuk ke apa pun, atau bukan milik akun Anda."),
            _("Periksa alamatnya, atau mulai lagi dari halaman depan."),
        )
    if code == 405:
        return Trouble(
            _("Alamat ini dipakai dengan cara lain"),
            _("Alamat ini tidak bisa dibuka dengan cara itu. Tidak ada yang berubah."),
            _("Kembali dan pakai tombol atau formulir di halaman itu."),
        )
    if code == 413:
        return Trouble(
            _("Kiriman terlalu besar"),
            _("Kiriman ini lebih besar dari yang kami terima, jadi tidak ada yang disimpan."),
            _("Kembali, lalu kirim berkas atau isian yang lebih kecil, misalnya dibagi dua."),
            True,
        )
    if code == 429:
        return Trouble(
            _("Terlalu sering"),
            _("Permintaan datang terlalu cepat. Yang sudah disimpan tetap ada."),
            _("Tunggu sebentar, lalu coba lagi."),
        )
    if code == 503:
        return Trouble(
            _("Sedang sibuk"),
            _("Layanan sedang sibuk, jadi permintaan ini belum dikerjakan. Yang sudah disimpan tetap ada."),
            _("Tunggu beberapa detik, lalu muat ulang halaman ini."),
            True,
        )
    if code >= 500:
        return Trouble(
            _("Ada yang salah di pihak kami"),
            _("Permintaan ini gagal dan tidak ada yang disimpan setengah jadi. Yang sudah disimpan sebelumnya tetap ada."),
            _("Coba lagi sebentar lagi. Bila masih gagal, beri tahu pengelola jam berapa ini terjadi."),
        )
    return Trouble(
        _("Permintaan ini tidak terbaca"),
        _("Ada bagian dari permintaan ini yang tidak bisa kami baca, jadi tidak ada yang disimpan."),
        _("Kembali, periksa isiannya, lalu kirim lagi."),
        True,
    )


def _page(code: int, told: Trouble) -> str:
    if request_ctx.url_adapter is None:  # a Host that is none: no address can be made for the page's own links
        return _plain(told)
    try:
        return render_template(
            "error.html", code=code, told=told, name=HTTPStatus(code).phrase, id=request_id() if code >= 500 else ""
        )
    except Exception:  # the page itself cannot be drawn: the words can
        if code < 500:
            raise
        return _plain(told)


def _plain(told: Trouble) -> str:
    words = f"<h1>{told.title}</h1><p>{told.what}</p><p>{told.remedy}</p>"
    return f"<!doctype html><html><meta charset=utf-8><title>{told.title}</title>{words}</html>"
