"""On a line where an answer takes seconds no click of a teacher is lost to the phone beside her form."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.test_teacher_journey import chromium, field, reader
from tests.schools.conftest import two_schools

__all__ = ["chromium", "two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
DEBOUNCED = 350  # ms until what was typed or looked at is asked for: quiz_item.html, course_form.html


@pytest.mark.parametrize(
    ("address", "typed", "button", "appears"),
    [
        ("/teach/quizzes/new", "items.0.prompt", "Tambah pilihan", "items.0.choices.4"),
        ("/teach/quizzes/new", "items.0.prompt", "Angka", "items.1.prompt"),
        ("/teach/courses/new", "lessons.0.title", "Tambah bacaan", "lessons.1.title"),
    ],
)
def test_a_button_pressed_while_the_phone_is_drawn_is_not_lost(chromium, served, two_schools, address, typed, button, appears):
    held = []  # what was asked for the phone, while nobody answers

    def hold(route):
        held.append(route) if held is not None else route.continue_()

    with reader(chromium, served) as page:
        page.goto(address)
        page.clock.install()  # the page's timers run when they are told to
        page.route("**/preview", hold)
        field(page, typed).fill("Yang pertama")
        page.clock.run_for(DEBOUNCED)  # the first asks,
        field(page, typed).fill("Yang kedua")
        page.clock.run_for(DEBOUNCED)  # the second waits for its answer,
        field(page, typed).fill("Yang ketiga")  # and the third is about to ask
        page.get_by_role("button", name=button, exact=True).click()
        page.clock.run_for(DEBOUNCED)
        waiting, held = held, None
        for route in waiting:
            route.continue_()
        expect(field(page, appears)).to_be_attached()
        expect(field(page, typed)).to_have_value("Yang ketiga")
