"""Units as Indonesian schools use them, and how they turn into one another. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lessons.marking import figures, folding, typos


@dataclass(frozen=True, slots=True)
class Unit:
    """``dimension`` says what it measures; ``factor`` how many of that dimension's base unit it is.

    ``others``: what else its sign is written for ("J" is *jam* and joule): the key says which was meant.
    """

    dimension: str
    factor: Fraction
    others: tuple[Unit, ...] = field(default=(), compare=False)

    def as_one_of(self, dimension: str) -> Unit | None:
        """This unit, or the other meaning of its sign, that measures ``dimension``; None where neither does."""
        return next((unit for unit in (self, *self.others) if unit.dimension == dimension), None)


# Base units: metre, square metre, litre, gram, second, month, rupiah, percent, degree, piece.
_TABLE = """
length mm milimeter = 1/1000
length cm centimeter sentimeter senti = 1/100
length dm desimeter = 1/10
length m meter mtr metre meters = 1
length dam dekameter = 10
length hm hektometer = 100
length km kilometer kilometre kilometers = 1000
length inci inch = 127/5000
length kaki feet foot = 381/1250
length yard yar = 1143/1250
length mil mile miles = 201168/125
area mmpersegi = 1/1000000
area cmpersegi = 1/10000
area dmpersegi = 1/100
area mpersegi = 1
area dampersegi are = 100
area hmpersegi hektar hektare ha hectare = 10000
area kmpersegi = 1000000
area inchpersegi = 16129/25000000
volume mmkubik = 1/1000000
volume ml mililiter cc cmkubik = 1/1000
volume cl sentiliter = 1/100
volume dl desiliter = 1/10
volume l lt liter ltr litre liters dmkubik = 1
volume dal dekaliter = 10
volume hl hektoliter = 100
volume kl kiloliter mkubik = 1000
volume damkubik = 1000000
volume hmkubik = 1000000000
volume kmkubik = 1000000000000
mass mg miligram = 1/1000
mass cg sentigram = 1/100
mass dg desigram = 1/10
mass g gr gram grams = 1
mass dag dekagram = 10
mass hg hektogram ons = 100
mass pon = 500
mass kg kilogram kilo kilograms kgs = 1000
mass kuintal kwintal kw = 100000
mass ton = 1000000
time detik dtk s sekon second seconds sec = 1
time menit mnt minute minutes = 60
time jam j h hour hours = 3600
time hari day days = 86400
time minggu pekan week weeks = 604800
years bulan bln month months = 1
years semester = 6
years tahun thn th year years = 12
years windu = 96
years dasawarsa dekade decade = 120
years abad century = 1200
length/time kmh kpj kmph kmjam = 5/18
length/time mps = 1
money rp rupiah idr rupiahs perak = 1
dollar dollar dolar usd = 1
euro euro eur = 1
ringgit ringgit rm = 1
time2 spersegi detikpersegi dtkpersegi sekonpersegi = 1
percent % persen percent prosen prsn pct = 1
percent ‰ permil promil = 1/10
angle derajat drjt degree degrees = 1
angle radian rad = 10313/180
celsius celsius celcius selsius c oc = 1
fahrenheit fahrenheit farenheit f = 1
kelvin kelvin k = 1
reaumur reaumur reamur r = 1
force newton n = 1
force kilonewton kn = 1000
force dyne dyn = 1/100000
energy joule jule = 1
energy kilojoule kj = 1000
energy kalori cal kal = 209/50
energy kilokalori kkal kcal = 4180
energy kwh = 3600000
power watt w = 1
power kilowatt = 1000
power megawatt mw = 1000000
voltage volt v = 1
voltage kilovolt kv = 1000
current ampere amper amp a = 1
current miliampere ma = 1/1000
resistance ohm ω = 1
charge coulomb = 1
pressure pascal pa = 1
pressure kilopascal kpa = 1000
pressure atm atmosfer = 101325
pressure bar = 100000
pressure mmhg = 101325/760
frequency hertz hz = 1
frequency kilohertz khz = 1000
frequency megahertz mhz = 1000000
amount mol = 1
sound desibel decibel db = 1
data bit = 1/8
data byte bait = 1
data kilobyte kb = 1000
data megabyte mb = 1000000
data gigabyte gb = 1000000000
data terabyte tb = 1000000000000
speed knot = 1
pounds pound lb lbs = 1
count buah bh biji butir ekor orang org lembar helai potong pcs pieces = 1
count lusin dozen = 12
count kodi = 20
count gros = 144
count rim = 500
"""


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for row in _TABLE.strip().splitlines():
        names, _, factor = row.partition(" = ")
        dimension, *words = names.split()
        found |= dict.fromkeys(words, Unit(dimension, Fraction(factor)))
    return found


UNITS = _units()
_MEANT_TOO = {
    "j": "joule",
    "derajat": "celsius fahrenheit reaumur",
    "degree": "celsius",
    "degrees": "celsius fahrenheit",
    "c": "derajat coulomb",
}
_MEANT_TOO |= {"celsius": "derajat", "celcius": "derajat", "kw": "kilowatt", "kilo": "km", "pon": "pound"}
UNITS |= {name: replace(UNITS[name], others=tuple(UNITS[o] for o in others.split())) for name, others in _MEANT_TOO.items()}
_POWERS = {"persegi": "persegi", "kuadrat": "persegi", "kubik": "kubik"}
_SIGNS = ("mm", "cm", "dm", "m", "dam", "hm", "km")
_SHORT = {name: sign for sign in _SIGNS for name, unit in UNITS.items() if unit == UNITS[sign]}
_SCALED_TEMPERATURES = {
    "c": "celsius",
    "celsius": "celsius",
    "celcius": "celsius",
    "f": "f",
    "fahrenheit": "f",
    "r": "r",
    "k": "k",
}
_SCALED_TEMPERATURES |= {"farenheit": "f", "reamur": "r", "reaumur": "r", "kelvin": "k"}


_IN_TIME = frozenset(["jam", "menit", "detik", "sekon"])
_PER = frozenset(["/", "per", "tiap", "setiap"])


def unit(*said: str) -> tuple[Unit | None, int]:
    """The unit that the words ``said`` begin with ("km", "meter persegi", "km / jam"), and how many of them it took."""
    words = [*said, "", "", ""]
    found, took = _single(words[0], words[1])
    if found is not None and found.dimension == "length" and words[took] in _IN_TIME:  # 60 km jam
        return Unit("length/time", found.factor / UNITS[words[took]].factor), took + 1
    if found is not None and words[took] in _PER:
        below, more = _single(words[took + 1], words[took + 2] if took + 2 < len(words) else "")
        if below is not None:
            return Unit(f"{found.dimension}/{below.dimension}", found.factor / below.factor), took + 1 + more
    return found, took


def _single(word: str, then: str) -> tuple[Unit | None, int]:
    if then in _POWERS and (found := UNITS.get(_SHORT.get(word, word) + _POWERS[then])):
        return found, 2
    if word == "derajat" and then in _SCALED_TEMPERATURES:
        return UNITS[_SCALED_TEMPERATURES[then]], 2
    found = UNITS.get(word)
    return found, 1 if found else 0


def named(text: str) -> Unit | None:
    """The unit that ``text`` is, whole: "km/jam", "cm²"; None where it names none ("apel")."""
    words = re.findall(r"[^\W\d_]+|[%‰/$]", figures.powers(folding.plain(text)))
    found, took = unit(*words)
    return found if took == len(words) else None


def misspelt(word: str) -> Unit | None:
    """The unit whose name ``word`` is, but for a slip ("kilometr"); None where there is none, or more than one."""
    near = {unit for name, unit in UNITS.items() if len(name) > 4 and typos.is_typo(word, name)}
    return near.pop() if len(near) == 1 else None
