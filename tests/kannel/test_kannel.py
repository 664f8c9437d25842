"""A quiz by SMS through a real Kannel 1.4: fakesmsc plays the operator, Kentongan runs as its users start it.

fakesmsc -> bearerbox -> smsbox -> GET …/sms -> the outbox -> /cgi-bin/sendsms -> bearerbox -> fakesmsc, and its report to …/dlr.
"""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import select

from app import create_app
from core.database import Database
from demo.commands import seed
from gateway.tables import Outbox
from tests import services
from tests.conftest import settings_for

pytestmark = [services.needs("kannel"), pytest.mark.slow]
FOLDER = Path(__file__).parent


@dataclass
class Operator:
    """The network's side: one handset's messages go in here, and what arrives for it is read here."""

    port: int
    folder: Path
    database: Database
    demo: dict

    def text(self, msisdn: str, short_code: str, text: str, wants: str) -> None:
        """Sends ``text`` as ``msisdn`` and waits until ``wants`` is a part of what comes back to her."""
        log = self.folder / "fakesmsc.log"
        with log.open("w") as file:
            command = [str(services.FAKESMSC), "-r", str(self.port), "-i", "0.1", "-m", "1", f"{msisdn} {short_code} text {text}"]
            with services.running(command, stdout=file, stderr=subprocess.STDOUT) as handset:
                came = lambda: arrived(log.read_text(), short_code, msisdn)  # noqa: E731
                services.wait_until(lambda: wants in came(), f"the reply to {text} with “{wants}”", alive=handset)
                services.wait_until(lambda: self.states()[-1] == "delivered", "the report of its delivery", alive=handset)

    def states(self) -> list[str]:
        with self.database.reading() as db:
            return list(db.scalars(select(Outbox.state).order_by(Outbox.id)))


def arrived(log: str, sender: str, msisdn: str) -> str:
    """All text that came for ``msisdn`` by fakesmsc's log. Its protocol is lines: a message of three shows up as three."""
    lines = [line.removeprefix(f"{sender} {msisdn} ") for line in re.findall(r"Got message \d+: <(.*)>$", log, re.M)]
    return "\n".join(unquote_plus(line.removeprefix("text ")) for line in lines)


@pytest.fixture
def operator(tmp_path):
    ports = {name: services.free_port() for name in ("admin", "smsbox", "smsc", "sendsms", "kentongan")}
    urls = {"PORT": str(ports["kentongan"]), "HTTP_BASE_URL": f"http://127.0.0.1:{ports['sendsms']}"}
    app = create_app(settings_for(tmp_path, database_url=f"sqlite:///{tmp_path}/kentongan.db"))
    with ExitStack() as running:
        address, _ = running.enter_context(services.kentongan(tmp_path, SECRET_KEY="a secret of the tests", **urls))
        with app.app_context():
            demo = seed()
        line = next(line for line in demo["lines"] if (line["provider"], line["medium"]) == ("http", "sms"))
        places = {**ports, "folder": tmp_path, "sms": f"{address}/gateway/http/{line['token']}/sms"}
        config = tmp_path / "kannel.conf"
        config.write_text((FOLDER / "kannel.conf").read_text().format(**places))
        for program, port in (("bearerbox", ports["smsc"]), ("smsbox", ports["sendsms"])):
            child = running.enter_context(services.running([program, str(config)], cwd=tmp_path))
            services.wait_until(lambda port=port: services.answers(port), f"{program} is ready", alive=child)
        yield Operator(ports["smsc"], tmp_path, app.extensions["database"], demo)
    app.extensions["database"].close()


def learner_with_her_own_phone(demo):
    learners = demo["schools"]["A"]["learners"]
    return next(learner for learner in learners if [other["msisdn"] for other in learners].count(learner["msisdn"]) == 1)


def test_a_learner_takes_a_quiz_over_kannel(operator):
    quiz, learner = operator.demo["quiz"], learner_with_her_own_phone(operator.demo)
    short_code = next(line["address"] for line in operator.demo["lines"] if (line["provider"], line["medium"]) == ("http", "sms"))
    first, second, third = quiz["items"][:3]
    operator.text(learner["msisdn"], short_code, quiz["keyword"], wants=first["prompt"])
    operator.text(learner["msisdn"], short_code, first["right"], wants=second["prompt"])
    operator.text(learner["msisdn"], short_code, second["wrong"], wants=third["prompt"])
    assert operator.states() == ["delivered"] * 3
