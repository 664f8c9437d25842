"""A prompt cut into pages that fit a budget. A question is never torn from its choices.

What gives way first, where everything does not fit: the reminder how to leave; then, where it would cost another
segment, the explanation; else what became of the last answer gets a page of its own.
"""

from __future__ import annotations

from dataclasses import replace

from lessons.dialogue.turn import Budget, Choice, Prompt

MORE = "9"
_LEAST_HEAD = 20  # characters of a question that must stay above its choices to recognise it by


def cut(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """The pages of ``prompt``, each within ``budget``; ``more`` is the key to the next, as it is said. Never empty."""
    prompt = _affordable(prompt, budget)
    for candidate in (prompt, replace(prompt, moves=())):
        if budget.fits(budget.draw(candidate)):
            return [candidate]
    if prompt.lead or prompt.why:
        about = Prompt(_joined(prompt.lead, prompt.why))
        rest = replace(prompt, lead="", why="")
        return [*_texts(about, budget, more, last=False), *cut(rest, budget, more)]
    if prompt.is_question and prompt.choices:
        return _question(prompt, budget, more)
    if prompt.choices and budget.fits(budget.draw(replace(prompt, choices=prompt.choices[:1], moves=(more, *prompt.moves)))):
        return _list(prompt, budget, more)
    return _texts(prompt, budget, more, last=True)


def _affordable(prompt: Prompt, budget: Budget) -> Prompt:
    """Without the explanation, where that costs less (an SMS of one segment instead of two)."""
    if not prompt.why:
        return prompt
    bare = replace(prompt, why="", moves=())
    full = budget.draw(replace(prompt, moves=()))
    return replace(prompt, why="") if budget.cost(full) > budget.cost(budget.draw(bare)) else prompt


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _question(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """Its text on pages of its own, then its choices under as much of the end of the text as fits."""
    ahead = _texts(Prompt(prompt.text), budget, more, last=False)
    for keep in range(len(prompt.text) - 1, _LEAST_HEAD - 1, -1):
        page = replace(prompt, text=".." + prompt.text[-keep:].lstrip(), moves=())
        if budget.fits(budget.draw(page)):
            return [*ahead, page]
    return [*ahead, *_list(replace(prompt, text=".." + prompt.text[-_LEAST_HEAD:].lstrip()), budget, more)]


def _list(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """As many choices to a page as fit under the same head."""
    pages: list[Prompt] = []
    rest = list(prompt.choices)
    while rest:
        whole = replace(prompt, choices=tuple(rest))
        if budget.fits(budget.draw(whole)):
            return [*pages, whole]
        count = 1
        while count < len(rest) and budget.fits(budget.draw(_page(prompt, rest[: count + 1], more))):
            count += 1
        page = _page(prompt, rest[:count], more)
        if not budget.fits(budget.draw(page)):
            page = _squeezed(page, budget)
        pages.append(page)
        rest = rest[count:]
    return pages


def _page(prompt: Prompt, choices: list[Choice], more: Choice) -> Prompt:
    return replace(prompt, choices=tuple(choices), moves=(more, *prompt.moves[:1]))


def _squeezed(page: Prompt, budget: Budget) -> Prompt:
    """One choice that is too long for a screen, shortened: authoring warns long before."""
    choice = page.choices[0]
    for keep in range(len(choice.label), 0, -1):
        tried = replace(page, text="", choices=(replace(choice, label=choice.label[:keep]),))
        if budget.fits(budget.draw(tried)):
            return tried
    return replace(page, choices=())


def _texts(prompt: Prompt, budget: Budget, more: Choice, *, last: bool) -> list[Prompt]:
    """Pages of text, broken between paragraphs, lines, sentences or words. The choices come with the last page.

    ``last`` False: another page follows even the last of these, so it says ``more`` too.
    """
    pages: list[Prompt] = []
    rest = prompt.text
    while True:
        whole = replace(prompt, text=rest) if last else Prompt(rest, moves=(more,))
        for candidate in (whole, replace(whole, moves=whole.moves[-1:])) if last else (whole,):
            if budget.fits(budget.draw(candidate)):
                return [*pages, candidate]
        moves = (more, *prompt.moves)
        head, rest = _head(rest, Prompt("", moves=moves), budget)
        pages.append(Prompt(head, moves=moves))
        if not rest:  # what follows the text alone did not fit: choices or moves on a page of their own
            tail = replace(prompt, text="") if last else Prompt("", moves=(more,))
            return [*pages, *(_list(tail, budget, more) if tail.choices else [])]


def _head(text: str, page: Prompt, budget: Budget) -> tuple[str, str]:
    """The longest beginning of ``text`` that fits ``page``, and the rest; at least one character."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if budget.fits(budget.draw(replace(page, text=text[:middle].rstrip()))):
            low = middle
        else:
            high = middle - 1
    if low == len(text):
        return text, ""
    for mark in ("\n\n", "\n", ". ", " "):
        at = text.rfind(mark, low // 2, low + 1)
        if at > 0:
            end = at + (1 if mark == ". " else 0)
            return text[:end].rstrip(), text[end:].lstrip()
    return text[:low], text[low:]
