"""MSISDN: a mobile number in E.164, read and shown masked. Pure."""

from __future__ import annotations

import re

from core.problems import Refused

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# A number of Indonesia as nearly everybody writes it, read as phonenumbers would.
_INDONESIAN = re.compile(r"(?:(?:0|\+62)([1-9][0-9]{7,11})|62([1-9][0-9]{8,11})|(8[0-9]{8,11}))", re.ASCII)


def read(typed: str, region: str = "ID") -> str:
    """``typed`` as E.164 (``+6281234567890``), a number without a country being one of ``region`` (ISO 3166).

    A number that is already E.164 is taken as the network says it, without a look at numbering plans:
    networks know their own. Raises Refused with a sentence where it cannot be a phone number.
    """
    typed = typed.strip()
    if _E164.fullmatch(typed) and not typed.startswith("+620"):  # Indonesia's trunk zero left in
        return typed
    if region == "ID" and (ours := _INDONESIAN.fullmatch(typed.replace(" ", "").replace("-", ""))):
        return f"+62{ours[1] or ours[2] or ours[3]}"
    return _by_plan(typed, region)


def _by_plan(typed: str, region: str) -> str:
    import phonenumbers  # 1 MB and 0.15 s: most processes never see such a number, and no keypress waits for it

    digits = re.sub(r"[^\d+]", "", typed)
    country = str(phonenumbers.country_code_for_region(region))
    candidates = [typed]
    if digits.startswith(country + "0"):  # 62 0812…: the trunk zero left in
        candidates.insert(0, "+" + country + digits[len(country) :].lstrip("0"))
    elif digits.startswith("+" + country + "0"):
        candidates.insert(0, "+" + country + digits[len(country) + 1 :].lstrip("0"))
    elif digits.startswith(country) and len(digits) > 10:
        candidates.insert(0, "+" + digits)
    for candidate in candidates:
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        found: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        is_whole = _E164.fullmatch(found) and not found.startswith("+620")  # the plan of a country may allow more digits
        if is_whole and phonenumbers.is_possible_number(number):
            return found
    raise Refused(f"Nomor telepon tidak terbaca: {masked(typed) or 'kosong'}. Tulis misalnya 0812 3456 7890.")


def is_mobile(msisdn: str) -> bool:
    """True where the numbering plan says that ``msisdn`` can take an SMS. A landline (021…) cannot."""
    import phonenumbers

    kind = phonenumbers.number_type(phonenumbers.parse(msisdn))
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def masked(msisdn: str) -> str:
    """``msisdn`` as logs and pages show it: the last three digits alone, so that nobody can dial it."""
    return "•" * max(0, len(msisdn) - 3) + msisdn[-3:] if len(msisdn) > 5 else "•" * len(msisdn)
