"""What is learnt, how it is asked and marked, and the conversation that carries it.

Words: **course → lesson → item**; **quiz** (items with an opening and a closing time); **enrolment**, **attempt**,
**mark**, **edition** (what was published, frozen). Conversation: **turn, heard, prompt, scene, state, happening, world,
budget**, **story** (a test written as a conversation).

Pure here: ``course``, ``kinds``, ``marking``, ``check``, ``dialogue``, ``render``. They take the time and the
phrases as arguments and do no I/O.
"""
