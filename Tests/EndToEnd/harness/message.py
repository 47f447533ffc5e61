"""Single SIP messages by hand, for what SIPp cannot time: two requests in one breath."""

import random
import socket

from .script import description


class Agent:
    """One UDP port that sends INVITE and what follows of it, and keeps what comes back."""

    def __init__(self, server, number):
        host, _, port = server.rpartition(":")
        self._server, self._number = (host, int(port)), number
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.caller = f"+48{random.randrange(700000000, 799999999)}"
        self._branch, self._tag, self._id = (f"{random.getrandbits(64):x}" for _ in range(3))

    def request(self, method, number=1, to_tag=None, sdp=None, new_branch=False):
        """Sends one request of the dialog."""
        branch = f"z9hG4bK{self._branch}{method if new_branch else ''}"
        body = description(sdp).replace("\n", "\r\n") if sdp else ""
        text = "\r\n".join([
            f"{method} sip:{self._number}@{self._server[0]}:{self._server[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch}", "Max-Forwards: 70",
            f"From: <sip:{self.caller}@127.0.0.1>;tag={self._tag}",
            f"To: <sip:{self._number}@{self._server[0]}>" + (f";tag={to_tag}" if to_tag else ""),
            f"Call-ID: {self._id}@127.0.0.1", f"CSeq: {number} {method}",
            f"Contact: <sip:{self.caller}@127.0.0.1:{self.port}>", *(["Content-Type: application/sdp"] if sdp else []),
            f"Content-Length: {len(body)}", "", body])
        self.socket.sendto(text.encode(), self._server)

    def answers(self, seconds):
        """Pairs (status, method) with the message, as they come, until nothing comes for so long."""
        self.socket.settimeout(seconds)
        while True:
            try:
                text = self.socket.recv(65535).decode(errors="replace")
            except TimeoutError:
                return
            words = dict(line.split(":", 1) for line in text.split("\r\n\r\n")[0].split("\r\n")[1:] if ":" in line)
            first = text.split()
            status = int(first[1]) if first[0] == "SIP/2.0" else 0
            yield status, words["CSeq"].split()[1], text

    def close(self):
        self.socket.close()
