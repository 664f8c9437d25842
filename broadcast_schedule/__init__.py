"""When what is on the air, and who carries it.

Words: **station**, **channel**, **bearer** (FM, DAB, IP), **programme → episode**, **slot** (the weekly rule),
**occurrence** (one dated airing), **carriage** (a station's agreement to air), **edition** and **revision** (numbered,
published), **billed** and **actual** time, **as-run**. Broadcasts have a *timetable*, never a schedule.
"""
