"""What is wrong with the rules of a test: when it closes, what becomes of late answers, how many items are drawn. Pure."""

from __future__ import annotations

from core.problems import N_, Problem
from lessons import after
from lessons.course import Quiz


def rule_problems(quiz: Quiz) -> list[Problem]:
    """As lessons.check: only those with ``stops`` forbid to publish."""
    found = []
    if quiz.opens_at and quiz.closes_at and quiz.closes_at <= quiz.opens_at:
        found.append(Problem("closes_at", N_("Kuis ini ditutup sebelum dibuka."), N_("Pilih waktu tutup sesudah waktu buka.")))
    if quiz.after and after.read(quiz.after) is None:
        remedy = N_("Pilih siaran lain, atau kosongkan.")
        found.append(Problem("after", N_("Siaran itu tidak terbaca."), remedy))
    if quiz.attempts < 0:
        found.append(Problem("attempts", N_("Jumlah kesempatan tidak bisa kurang dari nol."), N_("Tulis 0 untuk tanpa batas.")))
    if quiz.late_until and not quiz.closes_at:
        found.append(Problem("late_until", N_("Terlambat dari apa?"), N_("Isi dulu waktu tutupnya.")))
    elif quiz.late_until and quiz.closes_at and quiz.late_until <= quiz.closes_at:
        remedy = N_("Pilih waktu sesudah kuis ditutup, atau kosongkan.")
        found.append(Problem("late_until", N_("Batas jawaban terlambat ada sebelum kuis ditutup."), remedy))
    if not 0 <= quiz.late_down <= 99:
        found.append(Problem("late_down", N_("Pengurangannya tidak terbaca."), N_("Tulis 0 sampai 99 persen.")))
    elif quiz.late_down and not quiz.late_until:
        remedy = N_("Isi sampai kapan yang terlambat diterima; tanpa itu kuis ditutup tepat waktu.")
        found.append(Problem("late_down", N_("Yang terlambat belum diterima."), remedy, stops=False))
    if quiz.draw < 0 or quiz.draw > len(quiz.items) > 0:
        what, remedy = N_("Yang ditanyakan %(draw)d, soalnya hanya %(count)d."), N_("Kurangi, atau tambah soalnya.")
        found.append(Problem("draw", what, remedy, facts={"draw": quiz.draw, "count": len(quiz.items)}))
    return found
