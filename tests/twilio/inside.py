"""A quiz over a Twilio that nobody here wrote; prints what came of it as JSON. Runs in a network of its own (test_emulate.py).

emulate -> signed POST …/sms -> the outbox -> the official SDK -> emulate -> signed POST …/dlr/<our id>. emulate 0.8.0 listens on
every interface, hence the network namespace: nobody else can reach it.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests import services  # noqa: E402

ACCOUNT, SECRET = "AC" + "0123456789abcdef" * 2, "secret of the tests"
SEED = """twilio:
  account: {{sid: {account}, auth_token: {secret}, friendly_name: Tests}}
  phone_numbers:
    - {{phone_number: "{address}", friendly_name: Line, sms_url: "{ours}"}}
"""


def main(folder: Path) -> None:
    up("lo")
    ours, theirs = services.free_port(), services.free_port()
    emulate = f"http://127.0.0.1:{theirs}"
    settings = {"TWILIO_BASE_URL": emulate, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": SECRET}
    settings |= {"PORT": str(ours), "SECRET_KEY": "x" * 40}
    demo = json.loads(flask(folder, settings, "demo", "--json"))
    line = next(x for x in demo["lines"] if (x["provider"], x["medium"]) == ("twilio", "sms"))
    webhook = f"http://127.0.0.1:{ours}/gateway/twilio/{line['token']}/sms"
    seed = folder / "emulate.yaml"
    seed.write_text(SEED.format(account=ACCOUNT, secret=SECRET, address=line["address"], ours=webhook))
    numbers = [learner["msisdn"] for learner in demo["schools"]["A"]["learners"]]
    learner = next(number for number in numbers if numbers.count(number) == 1)  # who shares one is asked who she is
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        command = [str(services.EMULATE), "start", "--service", "twilio", "--port", str(theirs), "--seed", str(seed)]
        log = stack.enter_context((folder / "emulate.log").open("w"))
        child = stack.enter_context(services.running(command, signal.SIGTERM, stdout=log, stderr=log, cwd=folder))
        services.wait_until(lambda: services.answers(theirs), "emulate is ready", alive=child)
        stack.enter_context(services.kentongan(folder, **settings))
        found["unsigned"] = asked(webhook, {"From": learner, "To": line["address"], "Body": "x", "MessageSid": "SM1"})[0]
        arrives = {"From": learner, "To": line["address"], "Body": demo["quiz"]["keyword"]}
        found["inbound"] = asked(f"{emulate}/_twilio/simulate/inbound-message", arrives, signed_in=True)[0]
        sent = services.wait_until(lambda: outbound(emulate), "our reply is with Twilio")
        found["question"] = demo["quiz"]["items"][0]["prompt"] in sent[0]["body"]
        found["to"], found["from"] = sent[0]["to"] == learner, sent[0]["from"] == line["address"]
        moved = {"MessageSid": sent[0]["sid"], "Status": "delivered"}
        found["status"] = asked(f"{emulate}/_twilio/simulate/message-status", moved, signed_in=True)[0]
        delivered = ("outbox", "list", "--state", "delivered")
        services.wait_until(lambda: flask(folder, settings, *delivered).startswith("1\t"), "its report")
        answer = {**arrives, "Body": demo["quiz"]["items"][0]["right"]}
        asked(f"{emulate}/_twilio/simulate/inbound-message", answer, signed_in=True)
        services.wait_until(lambda: len(outbound(emulate)) > 1, "a reply to her answer")
        found["marked"] = [demo["quiz"]["items"][1]["prompt"] in one["body"] for one in outbound(emulate)].count(True) == 1
        odd = {**arrives, "Body": "é € 😀 + & = %"}  # a signature over what is not ASCII
        asked(f"{emulate}/_twilio/simulate/inbound-message", odd, signed_in=True)
        services.wait_until(lambda: len(outbound(emulate)) > 2, "a reply to what is not ASCII")
        found["messages"] = len({one["sid"] for one in outbound(emulate)})
    print(json.dumps(found))


def up(name: str) -> None:
    """Turns the loopback of a new network namespace on; elsewhere it is on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        wanted = struct.pack("16sh14x", name.encode(), 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, 0x8913, wanted))[1]  # SIOCGIFFLAGS
        if not flags & 1:
            fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", name.encode(), flags | 1))  # SIOCSIFFLAGS, IFF_UP


def flask(folder: Path, settings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    environment = services.clean_environment(folder, **settings)
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def asked(url: str, form: dict[str, str] | None = None, signed_in: bool = False) -> tuple[int, str]:
    request = urllib.request.Request(url, urlencode(form).encode() if form is not None else None)
    if signed_in:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=services.READY_WITHIN) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def outbound(emulate: str) -> list[dict[str, Any]]:
    """What the SDK has posted, in no order that one may count on."""
    said = json.loads(asked(f"{emulate}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", signed_in=True)[1])
    return [one for one in said["messages"] if one["direction"].startswith("outbound")]


if __name__ == "__main__":
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    main(Path(sys.argv[1]))
