"""Forms with a large file on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

from core.pages import csrf

View = TypeVar("View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[View], View]:
    """A view whose form may be ``most`` bytes, not MAX_CONTENT_LENGTH; stands below ``requires``.

    Forgery is looked for here, once it is known who sends it, and not before every view: to look is to read the form, and
    nobody else shall make us read so much. The file is spooled to the disk meanwhile (werkzeug), no transaction is open.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def taking(*args: Any, **kwargs: Any) -> Any:
            request.max_content_length = most
            csrf.protect()
            return view(*args, **kwargs)

        return csrf.exempt(taking)

    return mark
