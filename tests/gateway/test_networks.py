"""A line that names networks is not there for anybody else."""

from __future__ import annotations

import pytest

from core.problems import Refused
from gateway import line_files, networks
from gateway.tables import Line
from tests.conftest import settings_for
from tests.gateway.fixtures import PHONE, add_line


@pytest.mark.parametrize(
    ("named", "address", "is_allowed"),
    [
        ([], "1.2.3.4", True), (None, "", True), (["196.201.212.0/24"], "196.201.212.77", True),
        (["196.201.212.0/24"], "196.201.213.77", False), (["196.201.212.5"], "196.201.212.5", True),
        (["196.201.212.0/24"], "::ffff:196.201.212.77", True), (["2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32", "10.0.0.0/8"], "10.9.9.9", True), (["2001:db8::/32"], "10.9.9.9", False),
        (["10.0.0.1/8"], "10.200.0.1", True), (["0.0.0.0/0"], "", False), (["0.0.0.0/0"], "unknown", False),
        (["::/0"], "1.2.3.4", False), (["0.0.0.0/0"], "fe80::1%eth0", False),
    ],
)  # fmt: skip
def test_who_may_call(named, address, is_allowed):
    assert networks.allows(Line(networks=named), address) is is_allowed


@pytest.mark.parametrize("medium", ["ussd", "sms"])
def test_everybody_else_is_told_that_there_is_nothing(client, make_line, medium):
    line = make_line("simulator", medium, networks=["10.1.0.0/16"])
    form = {"sessionId": "s", "phoneNumber": PHONE, "from": PHONE, "text": "", "id": "1"}
    path = f"/gateway/simulator/{line.token}/{medium}"
    wrong = client.post(path.replace(line.token, "x" * 32), data=form)
    answers = [client.post(path, data=form, environ_base={"REMOTE_ADDR": at}) for at in ("10.1.2.3", "10.2.2.3", "127.0.0.1")]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[1].text == wrong.text


@pytest.mark.parametrize(("proxies", "status"), [(0, 404), (1, 200), (2, 404)])
def test_the_address_is_the_one_that_the_trusted_proxy_says(tmp_path, settings, proxies, status):
    from app import create_app

    app = create_app(settings_for(tmp_path, trusted_proxies=proxies))
    with app.app_context():
        line = add_line(app, "simulator", "ussd", networks=["10.1.0.0/16"])
        headers = {"X-Forwarded-For": "10.9.9.9, 10.1.2.3"}
        form = {"sessionId": "s", "phoneNumber": PHONE, "text": ""}
        answer = app.test_client().post(f"/gateway/simulator/{line.token}/ussd", data=form, headers=headers)
    app.extensions["database"].close()
    assert answer.status_code == status


def test_networks_are_loaded_and_shown(app, database, tmp_path):
    toml = '[[line]]\nprovider = "http"\nmedium = "sms"\naddress = "7"\nnetworks = ["196.201.212.0/24", "2001:db8::1"]\n'
    (tmp_path / "lines.toml").write_text(toml, encoding="utf-8")
    run = app.test_cli_runner().invoke
    assert run(args=["lines", "load", str(tmp_path / "lines.toml")]).exit_code == 0
    assert 'networks = ["196.201.212.0/24", "2001:db8::1"]' in run(args=["lines", "show"]).output.splitlines()


@pytest.mark.parametrize(
    "named", ['["300.1.1.1"]', '["x"]', "[7]", '[""]', '["fe80::1%eth0"]', '"10.0.0.0/8"', str(["10.0.0.1"] * 51)]
)
def test_what_is_no_network_is_refused(named):
    with pytest.raises(Refused):
        line_files.read(f'[[line]]\nprovider = "http"\nmedium = "sms"\naddress = "7"\nnetworks = {named}\n')
