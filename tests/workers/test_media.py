from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

from core import clock, files
from lessons import authoring
from lessons.course import Enclosure, course_to_json
from lessons.media_tables import MediaFile
from lessons.tables import Course, CourseEdition
from schools.tables import Staff
from tests.classroom import NOW, QUIZ, with_item
from tests.handed_in import kept, mp3, ogg, png, reference
from tests.lessons.test_course_views import IPA
from tests.schools.conftest import two_schools
from workers import files as swept
from workers import media

__all__ = ["two_schools"]


def test_what_no_draft_and_no_edition_names_goes_after_a_day(app, database, settings, two_schools):
    raws = {"drafted": mp3(), "published": png(), "typed": ogg(), "left": mp3(1), "young": mp3(2)}
    folder = settings.instance_dir / "files"
    with database.writing() as db:
        teacher = db.get(Staff, two_schools.A.teacher)
        typed = f"{settings.public_base_url}/files/{reference(ogg())[5:69]}.ogg"  # came back from a table
        quiz = with_item(replace(QUIZ, keyword="DAUN"), audio={"id": reference(mp3()), "en": typed})
        authoring.new_quiz(db, teacher, quiz, NOW)
        beside = (Enclosure("picture", reference(png()), 9, {"id": "Akar"}),)
        shown = replace(IPA, lessons=(replace(IPA.lessons[0], enclosures=beside),))
        course = Course(code="IPA7", school_id=two_schools.A.school, draft=course_to_json(IPA))
        db.add(course)
        db.flush()
        db.add(CourseEdition(course_id=course.id, number=1, content=course_to_json(shown), published_at=NOW))
        for name, raw in raws.items():
            one = kept(settings, raw)
            added = clock.now() - timedelta(hours=1 if name == "young" else 25)
            row = MediaFile(digest=one.digest, size=one.size, media_type=one.media_type, name=name, added_at=added)
            row.school_id = two_schools.A.school
            db.add(row)
            os.utime(files.path_of(folder, one.digest), (0, 0))
    assert (media.forget(), media.forget()) == (1, 0)
    assert swept.sweep() == 1
    there = {file.name for file in folder.glob("??/*")}
    assert there == {reference(raw)[5:69] for name, raw in raws.items() if name != "left"}
