"""The heart: ``engine.take_turn(state, heard, world, budget) -> Turn``.

Pure: the same arguments give the same turn. It knows nothing of ``CON``, segments, TwiML or HTML; it reads the
time, the phrases and the content from ``world``, and says what happened instead of writing it down.
"""
