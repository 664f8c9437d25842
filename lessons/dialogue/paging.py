"""A prompt cut into pages that fit a budget. A question is never torn from its choices.

What gives way first, where everything does not fit: the reminder how to leave; then, where it would cost another
segment, the explanation; else what became of the last answer gets a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from lessons.dialogue.turn import Budget, Choice, Prompt

MORE = "9"
_LEAST_HEAD = 20  # characters of a question that must stay above its choices to recognise it by
_SHORT_HEAD = 40  # a heading of a list up to this length is repeated on each of its pages


def cut(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """The pages of ``prompt``, each within ``budget``; ``more`` is the key to the next, as it is said. Never empty.

    Promised for every budget that holds one choice and its moves with a few words: 60 units and more.
    """
    text = budget.draw(prompt)
    if budget.fits(text) and budget.cost(text) == 1:  # almost always: nothing has to give way
        return [prompt]
    prompt = _affordable(prompt, budget)
    whole = _whole(prompt, budget)
    if whole is not None:
        return [whole]
    if prompt.lead or prompt.why:
        about = Prompt(" ".join(part for part in (prompt.lead, prompt.why) if part), moves=(more,))
        return [*_texts(about, about, budget), *cut(replace(prompt, lead="", why=""), budget, more)]
    if prompt.is_question and prompt.choices:
        return _question(prompt, budget, more)
    if prompt.choices and (not prompt.text or _fits(_page(prompt, prompt.choices[:1], more), budget)):
        return _list(prompt, budget, more)
    return _texts(Prompt(prompt.text, moves=(more, *prompt.moves)), prompt, budget)


def hinted(page: Prompt, hint: str, budget: Budget) -> Prompt:
    """The same page with a hint above it, for which the beginning of a question may give way: she has read it.

    Where there is no room for it without losing anything else, the page as it was.
    """
    if not hint:
        return page
    page_with = replace(page, lead=hint, why="")
    shorter = (replace(page_with, text=f"..{tail}", moves=()) for tail in _tails(page.text)) if page.is_question else ()
    bare = replace(page_with, moves=()) if page.is_question else page_with
    return next((form for form in (page_with, bare, *shorter) if _fits(form, budget)), page)


def _fits(prompt: Prompt, budget: Budget) -> bool:
    return budget.fits(budget.draw(prompt))


def _whole(prompt: Prompt, budget: Budget) -> Prompt | None:
    """``prompt`` on one page, without reminders that have no room or would cost more; None where even that is too much."""
    cheapest: tuple[int, Prompt] | None = None
    for form in _forms(prompt):
        text = budget.draw(form)
        if not budget.fits(text):
            continue
        cost = budget.cost(text)
        if cost == 1:
            return form
        if cheapest is None or cost < cheapest[0]:
            cheapest = cost, form
    return cheapest[1] if cheapest else None


def _forms(prompt: Prompt) -> Iterator[Prompt]:
    """``prompt`` with all of its reminders, then with fewer."""
    yield prompt
    if len(prompt.moves) > 1:
        yield replace(prompt, moves=prompt.moves[:1])
    if prompt.is_question and prompt.moves:
        yield replace(prompt, moves=())


def _affordable(prompt: Prompt, budget: Budget) -> Prompt:
    """Without the explanation, where that costs less (an SMS of one segment instead of two)."""
    if not prompt.why:
        return prompt
    bare = replace(prompt, why="", moves=())
    full = budget.draw(replace(prompt, moves=()))
    return replace(prompt, why="") if budget.cost(full) > budget.cost(budget.draw(bare)) else prompt


def _question(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """Its text on pages of its own, then its choices under as much of the end of the text as fits; a short one on each."""
    sample = replace(prompt.choices[0], label=prompt.choices[0].label[:_LEAST_HEAD])
    if len(prompt.text) <= _SHORT_HEAD and _fits(_page(prompt, (sample,), more), budget):
        return _list(prompt, budget, more)
    alone = Prompt(prompt.text, moves=(more,))
    ahead = _texts(alone, alone, budget)
    for tail in _tails(prompt.text):
        page = _whole(replace(prompt, text=f"..{tail}"), budget)
        if page is not None:
            return [*_until(ahead, len(prompt.text.split()) - len(tail.split())), page]
    return [*ahead, *_list(replace(prompt, text=f"..{prompt.text[-_LEAST_HEAD:].lstrip()}"), budget, more)]


def _until(pages: list[Prompt], words: int) -> list[Prompt]:
    """As many of ``pages`` as hold the first ``words`` words, one at least: what the end repeats is not shown twice in a row."""
    read = list(accumulate(len(page.text.split()) for page in pages))
    return [page for n, page in enumerate(pages) if n == 0 or read[n - 1] < words]


def _tails(text: str) -> Iterator[str]:
    """Ends of ``text`` that begin with a word, the longest first, and long enough to recognise it by."""
    for at, c in enumerate(text[: -_LEAST_HEAD + 1]):
        if c.isspace() and not text[at + 1].isspace():
            yield text[at + 1 :]


def _list(prompt: Prompt, budget: Budget, more: Choice) -> list[Prompt]:
    """As many choices to a page as fit, under the same head where it is a short one or a question's."""
    pages: list[Prompt] = []
    rest = list(prompt.choices)
    while rest:
        whole = _whole(replace(prompt, choices=tuple(rest)), budget)
        if whole is not None:
            return [*pages, whole]
        count = 1
        while count < len(rest) and _fits(_page(prompt, rest[: count + 1], more), budget):
            count += 1
        page = _page(prompt, rest[:count], more)
        if count == len(rest):
            page = replace(page, moves=prompt.moves[:1])
        pages.append(page if _fits(page, budget) else _squeezed(page, budget))
        rest = rest[count:]
        if not prompt.is_question and len(prompt.text) > _SHORT_HEAD:
            prompt = replace(prompt, text="")
    return pages


def _page(prompt: Prompt, choices: list[Choice] | tuple[Choice, ...], more: Choice) -> Prompt:
    return replace(prompt, choices=tuple(choices), moves=(more, *prompt.moves[:1]))


def _squeezed(page: Prompt, budget: Budget) -> Prompt:
    """One choice that is too long for a screen, shortened: authoring warns long before."""
    choice = page.choices[0]
    needed = page.moves[:1] if not page.is_question or (page.moves and page.moves[0].key == MORE) else ()
    for keep in range(len(choice.label), 0, -1):
        tried = replace(page, choices=(replace(choice, label=choice.label[:keep]),), moves=needed)
        if _fits(tried, budget):
            return tried
    return page if not page.text else _squeezed(replace(page, text=""), budget)


def _texts(page: Prompt, last: Prompt, budget: Budget) -> list[Prompt]:
    """Pages of ``page``'s text, broken between paragraphs, lines, sentences or words, each with its moves.

    The last one is as ``last`` is, with what then remains of the text; its choices, where they have no room under that, follow.
    """
    pages: list[Prompt] = []
    rest = page.text
    while True:
        whole = _whole(replace(last, text=rest), budget)
        if whole is not None:
            return [*pages, whole]
        head, rest = _head(rest, page, budget)
        pages.append(replace(page, text=head))
        if not rest:
            return [*pages, *(_list(replace(last, text=""), budget, page.moves[0]) if last.choices else ())]


def _head(text: str, page: Prompt, budget: Budget) -> tuple[str, str]:
    """The longest beginning of ``text`` that fits ``page``, and the rest; at least one character."""
    low, high = 1, 64
    while high < len(text) and _fits(replace(page, text=text[:high].rstrip()), budget):
        low, high = high, high * 2
    high = min(high, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(replace(page, text=text[:middle].rstrip()), budget):
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
