"""One programme of those that are told: an SMS before each of its airings, or no more of them."""

from __future__ import annotations

from typing import Any

from lessons.dialogue.happenings import ProgrammeLeft, ProgrammeWished
from lessons.dialogue.scenes import Here, Step, listed, picked
from lessons.dialogue.turn import Prompt
from lessons.dialogue.world import Airing, Wish

MOST = 10  # programmes that one learner is reminded of: each costs somebody an SMS a week
TITLE, STATION = 34, 24  # letters: that all of it is one screen


def enter(here: Here, airing: Airing, when: str, wanted: str) -> Step:
    """The programme by itself; ``when`` is when it is aired next, ``wanted`` whose list she comes from."""
    return Step(here.to("airing", **_facts(airing), when=when, **({"wanted": wanted} if wanted else {})))


def show(here: Here) -> Prompt:
    _, facts = here._, here.place.facts
    told = facts.get("told")
    if isinstance(told, str) and told:
        return Prompt(told, moves=(here.back(),))
    if not facts.get("slot"):
        return Prompt(_("Acara itu tidak ada di jadwal. Lihat JADWAL."), moves=(here.back(),))
    text = "\n".join([cut(facts.get("title"), 60), str(facts.get("when", "")), cut(facts.get("station"), STATION)])
    label = _("Jangan ingatkan lagi") if _is_wished(here, facts) else _("Ingatkan 15 menit sebelumnya")
    return Prompt(text, listed([label]), moves=(here.back(),))


def hear(here: Here, said: str) -> Step | None:
    facts = here.place.facts
    if said == "0":
        return Step(here.to("on_air", **({"wanted": facts["wanted"]} if facts.get("wanted") else {})))
    if facts.get("told") or not facts.get("slot") or picked(said, 1) is None:
        return None
    if _is_wished(here, facts):
        return left(here, [wish for wish in here.world.wishes(here.person) if wish.slot == facts["slot"]])
    airing = Airing(
        str(facts.get("station", "")), str(facts.get("title", "")), "", here.world.now, here.world.now, facts["slot"],
        facts.get("station_id", 0), str(facts.get("code", "")), is_night=bool(facts.get("night")),
    )  # fmt: skip
    return wished(here, airing)


def wished(here: Here, airing: Airing) -> Step:
    """From now on she is reminded of it; where that cannot be, why not."""
    _ = here._
    title, station = cut(airing.title, TITLE), cut(airing.station, STATION)
    wishes = here.world.wishes(here.person)
    if airing.is_night:
        return told(here, _("Jam 20 sampai 7 kami tidak mengirim SMS, jadi %(title)s tidak bisa diingatkan.", title=title))
    if len(wishes) >= MOST and not any((w.slot, w.station_id) == (airing.slot, airing.station_id) for w in wishes):
        return told(
            here, _("Paling banyak %(n)d acara. Hentikan satu dulu: INGATKAN %(code)s BATAL.", n=MOST, code=wishes[0].code)
        )
    text = _(
        "Kamu di-SMS 15 menit sebelum tiap siaran %(title)s, %(station)s. Berhenti: INGATKAN %(code)s BATAL",
        title=title, station=station, code=airing.code,
    )  # fmt: skip
    return told(here, text, ProgrammeWished(here.person.id, airing.slot, airing.station_id))


def left(here: Here, wishes: list[Wish]) -> Step:
    """She is reminded of none of ``wishes`` any more."""
    if not wishes:
        return told(here, here._("Tidak ada pengingat untuk acara itu."))
    facts = [ProgrammeLeft(here.person.id, slot) for slot in dict.fromkeys(wish.slot for wish in wishes)]
    if len(facts) > 1:
        return told(here, here._("Semua pengingat siaran dihentikan."), *facts)
    return told(here, here._("Baik. Kamu tidak diingatkan lagi tentang %(title)s.", title=cut(wishes[0].title, 60)), *facts)


def told(here: Here, text: str, *facts: ProgrammeWished | ProgrammeLeft) -> Step:
    """``text`` by itself, and the way back to what is on the air."""
    wanted = here.place.facts.get("wanted")
    return Step(here.to("airing", told=text, **({"wanted": wanted} if isinstance(wanted, str) and wanted else {})), facts)


def cut(text: object, most: int) -> str:
    said = str(text or "")
    return said if len(said) <= most else said[: most - 2].rstrip() + ".."


def _facts(airing: Airing) -> dict[str, Any]:
    return {
        "slot": airing.slot, "station_id": airing.station_id, "station": airing.station, "title": airing.title,
        "code": airing.code, **({"night": True} if airing.is_night else {}),
    }  # fmt: skip


def _is_wished(here: Here, facts: dict[str, Any]) -> bool:
    asked = facts.get("slot"), facts.get("station_id")
    return any((wish.slot, wish.station_id) == asked for wish in here.world.wishes(here.person))
