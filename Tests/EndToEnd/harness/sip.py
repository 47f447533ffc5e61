"""A caller's telephone, the signalling half: SIPp plays a scenario, the harness says when to hang up."""

import pathlib
import re
import socket
import subprocess

from .programs import Program, free_port

SCENARIOS = pathlib.Path(__file__).resolve().parent.parent / "sipp"


class Call:
    """One call by SIPp to a number of the server. Media is left to a Telephone, whose port goes into the offer.

    `scenario` is the name of a file in sipp/, or the path of another. `transport` is u1 (UDP) or t1 (TCP).
    """

    def __init__(
        self, server, number, folder, media_port=0, caller="+48600100200", scenario="caller", host="127.0.0.1", transport="u1"
    ):
        server = f"127.0.0.1:{server}" if isinstance(server, int) else server
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.host, self._orders = free_port(), host, 0
        path = SCENARIOS / f"{scenario}.xml" if isinstance(scenario, str) else scenario
        stem = f"sipp-{path.stem}-{self.port}"
        self.events, self.messages = folder / f"{stem}.events", folder / f"{stem}.messages"
        self.program = Program([
            "sipp", server, "-sf", path, "-m", "1", "-nostdin", "-t", transport,
            "-i", host, "-p", str(self.port), "-mi", host, "-mp", str(free_port()),
            "-s", number, "-key", "caller", caller, "-key", "rtp_port", str(media_port),
            "-trace_logs", "-log_file", self.events, "-trace_msg", "-message_file", self.messages,
            "-timeout", "180s", "-timeout_error",
        ], folder / f"{stem}.screen")

    def answered(self, timeout=10.0):
        """Waits for the answer and returns where the server wants the caller's sound: (host, port)."""
        match = self.program.wait_for(r"answered (\S+) (\d+)", timeout, self.events)
        return match[1], int(match[2])

    def hang_up(self):
        """Ends the call with BYE."""
        self.go()
        if not self.succeeded(5):
            raise AssertionError(f"SIPp's BYE was not answered\n{self.trace()[-3000:]}")

    def go(self):
        """Gives the order to go on: a MESSAGE with the call's own Call-ID, for which the scenario waits."""
        call, tag = self.program.wait_for(r"answered .* call (\S+) tag (\S+)", 5, self.events).groups()
        self._orders += 1  # SIPp takes an order like the last one for a retransmission
        order = (
            f"MESSAGE sip:caller@127.0.0.1:{self.port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKorder{self._orders}\r\n"
            f"From: <sip:server@127.0.0.1>;tag={tag}\r\nTo: <sip:caller@127.0.0.1>\r\nCall-ID: {call}\r\n"
            f"CSeq: {900 + self._orders} MESSAGE\r\nContent-Length: 0\r\n\r\n")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as orders:
            orders.sendto(order.encode(), ("127.0.0.1", self.port))

    def at(self, stage, timeout=5.0):
        """Waits until the scenario has come to a stage (see script.py)."""
        self.program.wait_for(rf"stage {stage}$", timeout, self.events)

    def go_to(self, stage, timeout=5.0):
        """Gives the order to go on, and waits until the scenario has come to a stage."""
        self.go()
        self.at(stage, timeout)

    def received(self, beginning=""):
        """The messages that SIPp has received up to now, those whose first line begins so."""
        pieces = re.split(r"^-{20,} .*$", self.trace(), flags=re.MULTILINE)
        messages = [re.split(r"message received \[\d+\] bytes ?:\s+", piece)[1:] for piece in pieces]
        texts = [message[0].replace("\r", "") for message in messages if message]
        return [text for text in texts if text.startswith(beginning)]

    def ended_by_server(self, timeout=10.0):
        """Waits until the server's BYE was answered and the scenario ended well."""
        if not self.succeeded(timeout):
            raise AssertionError(f"the server did not end the call\n{self.trace()[-3000:]}")

    def succeeded(self, timeout=10.0):
        """Whether the scenario ended in time and each message came as written."""
        try:
            return self.program.wait(timeout) == 0
        except subprocess.TimeoutExpired:
            return False

    def trace(self):
        return self.messages.read_text(errors="replace") if self.messages.exists() else self.program.output()

    def close(self):
        self.program.kill()


class Callee:
    """One call that comes to SIPp: `scenario` is callee (answers, and hangs up after 9 s) or busy."""

    def __init__(self, folder, media_port=0, scenario="callee", port=None):
        self.port = port or free_port()
        self.events = folder / f"sipp-{scenario}-{self.port}.events"
        self.program = Program([
            "sipp", "-sf", SCENARIOS / f"{scenario}.xml", "-m", "1", "-nostdin", "-t", "u1", "-i", "127.0.0.1", "-p",
            str(self.port), "-key", "rtp_port", str(media_port), "-trace_logs", "-log_file", self.events,
            "-timeout", "120s", "-timeout_error",
        ], folder / f"sipp-{scenario}-{self.port}.screen")

    def called(self, timeout=10.0):
        """Waits for the call and returns where the server wants sound: (host, port)."""
        match = self.program.wait_for(r"called (\S+) (\d+)", timeout, self.events)
        return match[1], int(match[2])

    def talking(self, timeout=10.0):
        self.program.wait_for(r"talking", timeout, self.events)

    def close(self):
        self.program.kill()
