"""On which days a rule may air at all, told without walking through them: sets of all its dates, and perhaps more. Pure."""

from __future__ import annotations

from math import lcm

from broadcast_schedule.recurrence import Rule

GREGORIAN = 146_097  # days of 400 years: then weekdays, dates and the rules of summer time repeat


def residues(rule: Rule) -> tuple[int, frozenset[int]]:
    """(period in days, ordinals modulo it) among which all of the rule's dates are; a single date's period is 0."""
    begun = rule.starts_on.toordinal()
    if rule.is_once:
        return 0, frozenset({begun})
    pattern = rule.pattern
    if pattern is None:
        week, length = begun - rule.starts_on.weekday(), 7 * rule.every_weeks
        return length, frozenset((week + weekday) % length for weekday in rule.weekdays)
    weekdays = {weekday for _n, weekday in pattern.days}
    if pattern.frequency == "daily":
        period = lcm(pattern.interval, 7) if weekdays else pattern.interval
        found = range(begun, begun + period, pattern.interval)
        return period, frozenset(day % period for day in found if not weekdays or (day - 1) % 7 in weekdays)
    if pattern.frequency == "weekly":
        week, period = begun - (rule.starts_on.weekday() - pattern.week_start) % 7, 7 * pattern.interval
        weekdays = weekdays or {rule.starts_on.weekday()}
        return period, frozenset((week + (weekday - pattern.week_start) % 7) % period for weekday in weekdays)
    return 7, frozenset((weekday + 1) % 7 for weekday in weekdays or range(7))


ANY_MONTH, ANY_DAY = frozenset(range(1, 13)), frozenset(range(1, 32))


def months(rule: Rule) -> frozenset[int]:
    """The months in which a rule may air."""
    pattern = rule.pattern
    if pattern is None:
        return frozenset({rule.starts_on.month}) if rule.is_once else ANY_MONTH
    if pattern.months:
        return frozenset(pattern.months)
    is_own = pattern.frequency == "yearly" and not pattern.days and not pattern.month_days
    return frozenset({rule.starts_on.month}) if is_own else ANY_MONTH


def month_days(rule: Rule) -> frozenset[int]:
    """The days of a month on which a rule may air: the second Monday is one of 8 to 14."""
    pattern = rule.pattern
    if pattern is None:
        return frozenset({rule.starts_on.day}) if rule.is_once else ANY_DAY
    if pattern.month_days:
        found = {d for d in pattern.month_days if d > 0}
        return frozenset(found | {length + 1 + d for d in pattern.month_days if d < 0 for length in (28, 29, 30, 31)})
    if pattern.frequency in ("daily", "weekly") or (pattern.frequency == "yearly" and pattern.days and not pattern.months):
        return ANY_DAY
    if not pattern.days:
        return frozenset({rule.starts_on.day})
    days: set[int] = set()
    for n, _weekday in pattern.days:
        if n > 0:
            days.update(range(7 * n - 6, 7 * n + 1))
        else:
            days.update(ANY_DAY if n == 0 else range(29 + 7 * n, 32 + 7 * (n + 1)))
    return frozenset(days) & ANY_DAY


def period(rule: Rule) -> int:
    """Days after which the rule's dates repeat."""
    pattern = rule.pattern
    if pattern is None or (pattern.frequency in ("daily", "weekly") and not (pattern.months or pattern.month_days)):
        return residues(rule)[0] or 1
    if pattern.frequency in ("daily", "weekly"):
        return lcm(pattern.interval * (7 if pattern.frequency == "weekly" else 1), GREGORIAN)
    cycle = 4800 if pattern.frequency == "monthly" else 400
    return GREGORIAN * (lcm(pattern.interval, cycle) // cycle)


def density(rule: Rule) -> float:
    """Roughly how many dates a day."""
    if rule.is_once:
        return 0.0
    pattern = rule.pattern
    if pattern is None:
        return len(rule.weekdays) / (7 * rule.every_weeks)
    days = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}[pattern.frequency]
    return max(1, len(pattern.days), len(pattern.month_days)) / (days * pattern.interval)
