"""Two spellings of one text made equal. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CAP = 200
"""Characters of an answer that are read. A key that is longer could never be typed: check refuses it."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SIGNS = str.maketrans({"⁄": "/", "∕": "/", "÷": ":", "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"'})
_SIGNS |= str.maketrans({"°": " derajat ", "٫": ",", "٬": "."})
_SIGNS |= dict.fromkeys(map(ord, "×⨯✕✖·⋅"), "x") | {ord("º"): " derajat ", 0x1F170: "a", 0x1F171: "b", 0x1F17E: "o"}

_WORDY = re.compile(r"(?:[^\W\d_]|[\s.,;:!?'\"()#*-])*")  # letters, and signs that say nothing


def bag(text: str) -> frozenset[str]:
    """The words of ``text`` as a set."""
    return frozenset(text.split())


# What a child writes around her answer; it says nothing about which answer it is.
FILLERS = bag(
    "jawab jawaban jawabannya jawabanya jawabku jawabanku jawabnya jwb jwbn jwban jwbnya jwbannya ans answer my the is it's its "
    "saya sy aku ak gw pilih milih memilih pilihan pilihannya pilihanku opsi option choose pick i think adalah ialah yaitu itu "
    "ini yg yang huruf poin nomor nmr number kak kakak bu ibu pak bapak guru min bang dong deh sih aja saja kok lah nih ya "
    "kayaknya menurutku menurut maaf mungkin hasilnya hasil jadi maka sama dengan kira2 kira sekitar cuma hanya oke ok "
    "nomer kakakku om tante mas mbak pakguru buguru sis bro eh hmm hm em emm anu nah makasih mksh mks makasi trims trimakasih "
    "terimakasih trimks thx thanks thank you tq ty hehe hehehe haha hahaha hihi wkwk wkwkwk halo hai assalamualaikum pasti "
    "kami kita dijawab menjawab jwabannya jwaban jawapan jwbku kayanya keknya sepertinya rasanya final insyaallah insyaalloh "
    "bismillah iya rasa kunci key jb jawabn jawban jawbannya jwabannya tuh doang tok tebak nebak feeling abjad opt choice udah "
    "sudah deng dech yah yaa kakk buu tebakanku tebakan it im jwbnku plh gue gua kulo kula hurup bos gan kk aj ajah tks xixi "
    "kyknya kykny kayak mnrt mnrtku tentu oh please pls wangsulan wangsulane jawabane jawabe sing wae mawon waleran jawabanana "
    "pikir pikirku nggih weh btw bunda ustad ustadz ustadzah "
    "ku kayake ketoke kira-kira ajalah donk hrf mlm wr wb hallo test tes siap ttp assalamu'alaikum assalamu alaikum"
)
BECAUSE = bag("karena krn karna sebab soalnya because cuz lantaran alasan alasannya amarga amargi sabab soale")
NEGATIONS = bag("bukan tidak tdk gak ga gk nggak ngga enggak engga tak tiada belum blm kurang not no jangan selain kecuali bkn")
NEGATIONS |= bag("ndak endak kagak gakk mboten ora dudu sanes henteu teu don't doesn't isn't never without tanpa mustahil")
UNSURE = bag("tahu tau taw ngerti mengerti paham know dunno sure entah bingung lupa ragu ragu2 gatau gatahu gtau")
# What children say around an answer in more than one word. "If I am not mistaken" is no denial.
_IDIOMS = re.compile(
    r"\b(?:(?:kalau|kalo|klo|kl|klu|kalu) (?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|g) (?:salah|slh|keliru)"
    r"|(?:saya |aku |sangat |sudah )?yakin(?: sekali| banget)?|in ?sya ?all?[ao]h|te?rima ?kasih(?: banyak)?(?: ya)?"
    r"|(?:selamat )?(?:pagi|siang|sore|malam)(?=,? (?:bu|pak|kak|ibu|bapak|kakak|guru)\b.*\w)|jawaban nya"
    r"|(?:jatuh )?(?:pada|kepada) (?:pilihan|huruf|nomor)|(?:jatuh pada)|bu guru|pak guru|ibu guru|bapak guru)\b"
)
_UNSURE_OF = re.compile(r"\b(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|kurang|belum|blm|not)(?: \w+)? yakin\b")
_SMILE = re.compile(r"(?:^|(?<=\s))(?:[:;=]['-]?(?:[()p]+|d+(?=\s*$))|x+d+(?=\s*$)|<3|\^_*\^|\(?y\)|:v)(?=\s|$)")
_CLASS = r"(?:kls|kelas|klas|kl)\.?\s?(?:\d{1,2}|[ivx]{1,4})\s?-?[a-f]?"
_NAME = rf"((?:[^\W\d_]+\.?\s){{1,3}}){_CLASS}\)?$"
_SIGNATURE = re.compile(rf"(?<=\S)\s*(?:[-~(]\s*|\s(?:dari|dr|by|nama|ttd|salam|oleh)\b[\s:]*){_NAME}")
_SIGNATURE_AFTER_COMMA = re.compile(rf"(?<=\S)\s*[,.]\s*{_NAME}")


@lru_cache(maxsize=4096)  # the options and keys of what is being asked now come again with every answer
def plain(typed: str) -> str:
    """``typed`` cut to CAP, in one width, one case and one kind of digit, dash and blank; raised digits become ``^2``.

    A raised 2 is a power and never the number 2, nor is a lowered one, but behind a letter (H₂O); the ½ of ``1½`` stays apart
    from its 1. Digits of every script become 0-9. Letters keep their marks.
    """
    out = []
    for c in typed[: CAP * 2].strip()[:CAP]:
        category = unicodedata.category(c)
        if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Me") or "\ufe00" <= c <= "\ufe0f":
            out.append(" " if c.isspace() else "")
        elif category == "Nd":
            out.append(str(unicodedata.decimal(c)))
        else:
            form = unicodedata.decomposition(c)
            if c not in "ªº" and form.startswith(("<super>", "<sub>")):
                if form.startswith("<super>") or not out or not out[-1].isalpha():  # H₂O is H2O
                    out.append("^")
            elif form.startswith("<fraction>"):
                out.append(" ")
            out.append(c)
    text = "".join(out).translate(_DASHES).translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES).translate(_SIGNS)
    return " ".join(text[: CAP * 2].split())


def bare(text: str) -> str:
    """``text`` without the marks on its letters: é is e."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)))


@lru_cache(maxsize=4096)
def tight(typed: str) -> str:
    """Folded so that no sign gets lost: case, marks, blanks and what stands around the text go, what is inside it stays.

    For texts with digits or signs, where ``-3`` is not ``3`` and ``a+b`` is not ``a-b``.
    """
    text = bare(plain(typed)).strip(" .,;:!?'\"*#")
    return re.sub(r"(?<=\d)\s*x\s*(?=\d)", "x", re.sub(r"\s*([-+*/<>=:,.%^])\s*", r"\1", text))


def loose(typed: str) -> str:
    """Folded as words: punctuation goes too ("kupu-kupu!" is "kupu kupu"). "" where digits or other signs carry the meaning."""
    text = bare(plain(typed))
    if not _WORDY.fullmatch(text):
        return ""
    text = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "", text)  # jum'at is jumat
    return " ".join(re.findall(r"[^\W\d_]+", text))


_TWICE = re.compile(r"(?<![^\W_])([^\W\d_]{2,})(?:\s?\^?2|\")(?![^\W_])")


def doubled(typed: str) -> str:
    """``typed`` with its short plurals written out: "kupu2", "kupu²" and 'kupu"' are "kupu-kupu"."""
    return _TWICE.sub(r"\1-\1", plain(typed))


def undecorated(typed: str, kept: str = "") -> str:
    """``typed`` without emoji (a thumb, a heart), but for those in ``kept`` and those that are letters (ⓑ)."""
    return "".join(c for c in typed[: CAP * 2] if c in kept or not _is_emoji(c))


def _is_emoji(c: str) -> bool:
    if "\U0001f3fb" <= c <= "\U0001f3ff":
        return True
    return unicodedata.category(c) == "So" and ord(c) not in _SIGNS and not unicodedata.normalize("NFKC", c).isalnum()


def words(typed: str) -> list[str]:
    """The words and numbers of an answer, in order, without punctuation; a power keeps its sign ("^2")."""
    return re.findall(r"\^?[^\W_]+", bare(plain(typed)))


def unsaid(text: str) -> str:
    """``text`` (folded) without idioms and smiles: "b kalau tidak salah" is "b". One who is not sure keeps her words."""
    if text.isalnum():
        return text
    text = _SMILE.sub(" ", text)
    if _UNSURE_OF.search(text):
        return " ".join(text.split())
    kept = " ".join(_IDIOMS.sub(" ", text).split())
    return kept if any(c.isalnum() for c in kept) else text


def unsigned(text: str, after_comma: bool = False) -> str:
    """``text`` (folded) without the name and the class that a child puts under it: "b -budi kls 5" is "b".

    ``after_comma``: "b, budi kls 5" too; for one who knows that "jakarta, bandung kls 5" is not meant.
    """
    match = _SIGNATURE.search(text) or (_SIGNATURE_AFTER_COMMA.search(text) if after_comma else None)
    if match is None or any(word in NEGATIONS or word in UNSURE for word in match[1].split()):
        return text
    return text[: match.start()]


def reasoned(text: str, kept: frozenset[str] = frozenset()) -> str:
    """``text`` (folded) up to the first *because*: what comes after it is no answer. All of it where it begins so."""
    parts = text.split()
    at = next((n for n, word in enumerate(parts) if n and word.strip(_SEPARATORS) in BECAUSE - kept), len(parts))
    return " ".join(parts[:at]).rstrip(" ,;-") if at < len(parts) else text


_HEAD = re.compile(r"([^\W\d_]+(?: [^\W\d_]+){0,3})\s*[:=]\s*(?=\S)")
_SEPARATORS = ":.,;!?"


def unfilled(text: str, kept: frozenset[str] = frozenset()) -> str:
    """``text`` (folded) without the words of filling at its two ends: "jawabannya daun bu" is "daun". ``kept`` are none here."""
    fillers = FILLERS - kept if kept else FILLERS
    text = unsaid(text)
    head = _HEAD.match(text)
    if head and all(word in FILLERS for word in head[1].split()):  # jwb:b
        text = f"{head[1]} {text[head.end() :]}"
    parts = re.sub(r"(?<=jwb)\.|(?<=jawab)\.", " ", text).split()
    while len(parts) > 1 and _is_said(parts[0], fillers):
        parts = parts[1:]
    while len(parts) > 1 and _is_said(parts[-1], fillers):
        parts = parts[:-1]
    return " ".join(parts)


def _is_said(word: str, fillers: frozenset[str]) -> bool:
    word = word.strip(_SEPARATORS)
    return word in fillers or (is_held(word) and squeezed(word) in fillers)  # hmmm


def spelt(text: str) -> str:
    """``text`` (loose) that was said letter by letter as a word: "d n a" is "dna"; "" for anything else."""
    return text.replace(" ", "") if " " in text and re.fullmatch(r"\w(?: \w)+", text) else ""


def squeezed(text: str) -> str:
    """``text`` with letters that were held down said once: "dauuun" is "daun", "maaaf" too is "maf"."""
    return re.sub(r"([^\W\d_])\1+", r"\1", text)


def is_held(text: str) -> bool:
    """True where a letter was held down: three of one in a row, which no word has."""
    return re.search(r"([^\W\d_])\1\1", text) is not None


ARTICLE = re.compile(r"^(?:the|an|a|si|sang|di|pada|oleh)\s+(?=\S)")
# What may stand before the one word that was asked for, and is right there.
_DRESS = re.compile(
    r"^(?:(?:proses|disebut|disebutnya|dinamakan|dinamai|namanya|bernama|sebuah|seekor|seorang|sebatang|selembar|sebutir|buah|hewan|"
    r"binatang|burung|ikan|pohon|tanaman|gunung|sungai|danau|candi|planet|kerajaan|surat|surah|qs\.?|lagu|gas|"
    r"kota|kotanya|ibu ?kota(?:nya)?|ibukota(?:nya)?|dki|negara|provinsi|propinsi|pulau|benua|warna|presiden|raden|"
    r"ir\.?|prof\.?|jenderal|jendral|vitamin|tanggal|tgl\.?|tahun|thn\.?|is)\s+|ir\."
    r"|(?:hari|hr) (?=senin|selasa|rabu|kamis|jum|sabtu|minggu|ahad)|"
    r"bulan (?=januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember))"
)
_OWN_NYA = bag("bertanya tanyanya menanya")


def undressed(core: str) -> list[str]:
    """``core`` in the other dresses of the same answer: without "kota" or "seekor", "kupu2" in full, "airnya" as "air"."""
    found, said = [], core
    while (less := ARTICLE.sub("", _DRESS.sub("", said))) != said and less:
        found.append(said := less)
    for text in (core, *found):
        found += [text for text in (doubled(text),) if loose(text)]
        if text.endswith("nya") and len(text) > 5 and loose(text) and text not in _OWN_NYA:
            found.append(text.removesuffix("nya"))
    return [text for text in found if text != core]
