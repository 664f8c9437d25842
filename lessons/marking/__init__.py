"""Reading what children type. Pure, exact, bounded.

``folding`` makes two spellings of one text equal; ``numbers`` reads quantities (``numerals`` their words, ``units``
their units); ``choices`` finds the option that was meant (``keys`` its digit or letter, ``wordings`` its text), ``truth`` a
yes or no, ``typos`` how near a word came.

All begin with ``folding.plain``, which cuts first: what comes after works on at most ``folding.CAP`` characters, so no
message can burn time. Numbers are Fractions: no float, no rounding, and no typo rule ever touches one.

Three answers are told apart everywhere: read (and then right or wrong), and not readable, for which the learner is
asked again and loses nothing. Two different answers in one message ("a atau b", "12 13") are not readable: hedging is
neither rewarded nor punished.
"""
