"""Whoever is shown a certificate's code may ask here what it stands for, at a polite pace."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.database import database
from core.pace import Pace
from core.pages import page_language
from core.text import clean
from lessons import certificates
from lessons.course import say
from schools.access import public

blueprint = Blueprint("certificates", __name__, template_folder="templates")
WHY = "a code of sixty bits, and only so many tries"
_pace, _everybody = Pace(at_once=10, per_second=0.1), Pace(at_once=100, per_second=2.0)


@blueprint.get("/certificate")
@public(WHY)
def ask() -> Any:
    code = request.args.get("code", "")
    if code:
        found = certificates.read_code(clean(code, 40))
        if found:
            return redirect(url_for("certificates.show", code=found), 303)
    return render_template(
        "lessons/certificate.html", found=None, problem=_("Kode terdiri dari 12 huruf dan angka.") if code else ""
    )


@blueprint.route("/certificate/<code>", methods=["GET", "POST"])
@public(WHY)
def show(code: str) -> Any:
    """A POST asks besides whether it is hers whose name stands in the form."""
    if not (_pace.allows(request.remote_addr or "") and _everybody.allows("")):
        abort(429, _("Terlalu banyak kode diperiksa. Coba lagi beberapa menit lagi."))
    name = clean(request.form.get("name", ""), 80).strip()
    with database().reading() as db:
        found = certificates.verified(db, certificates.read_code(clean(code, 40)), name)
    if found is None:
        return render_template("lessons/certificate.html", found=None, problem=_("Kode ini tidak dikenal.")), 404
    language = page_language()
    return render_template(
        "lessons/certificate.html", found=found, title=say(found.title, language), asked=name, problem=""
    )  # fmt: skip
