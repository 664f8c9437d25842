from dataclasses import fields, replace

from lessons.dialogue.turn import Choice, Prompt


def test_a_prompt_told_keeps_every_other_part():
    odd = {field.name: f"a {field.name} of its own" for field in fields(Prompt)} | {"choices": (Choice("1", "Akar"),)}
    prompt = Prompt(**odd)
    assert prompt.told("en", "Right!", "Why", None) == replace(prompt, language="en", lead="Right!", why="Why", speech=None)
