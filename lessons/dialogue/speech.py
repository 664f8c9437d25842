"""How signs are said aloud in her language: a caller hears "1 per 2", whatever a synthetic voice makes of "1/2"."""

from __future__ import annotations

from lessons.dialogue.scenes import Here
from lessons.dialogue.turn import Speech


def speech(here: Here) -> Speech:
    """The words of a call in the language of her who calls; a translation holds them like every other phrase."""
    _ = here._
    between = (
        ("/", _("per")), ("x", _("kali")), ("×", _("kali")), ("*", _("kali")), ("+", _("ditambah")), ("-", _("dikurangi")),
        ("−", _("dikurangi")), (":", _("dibagi")), ("÷", _("dibagi")), ("=", _("sama dengan")), ("<", _("kurang dari")),
        (">", _("lebih dari")),
    )  # fmt: skip
    after = (
        ("%", _("persen")), ("km", _("kilometer")),
        ("cm", _("sentimeter")), ("mm", _("milimeter")), ("kg", _("kilogram")),
        ("mg", _("miligram")), ("ml", _("mililiter")), ("m²", _("meter persegi")), ("m", _("meter")), ("g", _("gram")),
        ("l", _("liter")), ("²", _("pangkat dua")), ("³", _("pangkat tiga")), ("°C", _("derajat Celsius")),
    )  # fmt: skip
    return Speech(_("Tekan %(key)s untuk %(label)s"), _("minus"), _("titik-titik"), _("rupiah"), between, after)
