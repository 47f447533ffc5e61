"""SIPp scenarios written step by step in Python: a test says what its caller does, in the order in which it does it."""

import re

MAPS = {
    "PCMA": (8, "PCMA/8000"), "PCMU": (0, "PCMU/8000"), "G722": (9, "G722/8000"), "opus": (111, "opus/48000/2"),
    "events": (101, "telephone-event/8000"),
}
# Messages that may come before the one that is waited for.
PROVISIONAL = "".join(f'<recv response="{status}" optional="true"/>\n' for status in (100, 180, 183))


def description(port, codecs=("PCMA", "events"), host="127.0.0.1", version=1, ptime=20, direction="sendrecv", lines=()):
    """A session description with one audio stream."""
    family = "IP6" if ":" in host else "IP4"
    types = [MAPS[codec] for codec in codecs]
    return "\n".join([
        "v=0", f"o=caller 1 {version} IN {family} {host}", "s=-", f"c=IN {family} {host}", "t=0 0",
        f"m=audio {port} RTP/AVP {' '.join(str(number) for number, _ in types)}",
        *[f"a=rtpmap:{number} {name}" for number, name in types], *(["a=fmtp:101 0-15"] if "events" in codecs else []),
        f"a=ptime:{ptime}", f"a={direction}", *lines, ""])


class Script:
    """One caller's side of one dialog. Each method adds a step; `write` makes the file for SIPp."""

    def __init__(self):
        self._steps, self._number, self._stages = [], 0, 0

    def write(self, path):
        path.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="script">\n' + "\n".join(self._steps)
            + f'\n<label id="end"/>\n<nop/>\n{self._references()}</scenario>\n', encoding="utf-8")
        return path

    def _references(self):
        """SIPp insists that every variable is used, and knows only those that are."""
        text = "\n".join(self._steps)
        unused = [name for name in ("whole", "line", "to", "reason") if re.search(rf'assign_to="{name}\b', text)]
        return f'<Reference variables="{",".join(unused)}"/>\n' if unused else ""

    # Steps

    def invite(self, sdp=None, headers=()):
        """The first INVITE."""
        return self._request("INVITE", sdp, headers, begins=True)

    def answered(self, status=200):
        """Waits for a final answer to the first INVITE; a 200 is logged for `Call.answered`, and acknowledged by `ack`."""
        if status != 200:
            self._add(PROVISIONAL + f'<recv response="{status}"/>')
            return self._add(_sent(
                "ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0", "[last_Via:]", "[last_From:]", "[last_To:]",
                "[last_Call-ID:]", f"CSeq: {self._number} ACK", "Max-Forwards: 70", body=None, retransmits=False))
        return self._add(PROVISIONAL + """<recv response="200" rrs="true"><action>
  <ereg regexp="c=IN IP[46] ([0-9a-f.:]+)" search_in="body" check_it="true" assign_to="whole,address"/>
  <ereg regexp="m=audio ([0-9]+)" search_in="body" check_it="true" assign_to="line,port"/>
  <ereg regexp="tag=([^;&gt;]+)" search_in="hdr" header="To:" check_it="true" assign_to="to,tag"/>
  <log message="answered [$address] [$port] call [call_id] tag [$tag]"/>
</action></recv>""")

    def ack(self, sdp=None):
        return self._add(self._in_dialog("ACK", sdp, (), "application/sdp", retransmits=False))

    def call(self, sdp, headers=()):
        """INVITE, 200, ACK."""
        return self.invite(sdp, headers).answered().ack()

    def request(self, method, body=None, headers=(), kind="application/sdp", status=200):
        """A request in the dialog and its answer. INVITE is acknowledged by the next step, `ack`."""
        self._number += 1
        self._add(self._in_dialog(method, body, headers, kind))
        return self._add(PROVISIONAL + f'<recv response="{status}"/>')

    def reinvite(self, sdp):
        return self.request("INVITE", sdp).ack()

    def stage(self, name):
        """Says where the scenario is, for `Call.at`."""
        return self._add(f'<nop><action><log message="stage {name}"/></action></nop>')

    def order(self):
        """Waits for `Call.go`."""
        return self._add('<recv request="MESSAGE" timeout="60000"/>')

    def asked(self, method, sdp=None):
        """Waits for a request of the server and says 200 to it; an INVITE is acknowledged by the server."""
        self._add(f'<recv request="{method}" timeout="90000"/>')
        contact = "Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>"
        self._add(self._answer([contact] if method in ("INVITE", "UPDATE") else [], sdp))
        return self._add('<recv request="ACK"/>') if method == "INVITE" else self

    def until_bye(self, reason=False):
        """Stays until the server hangs up, or until `Call.hang_up`. With `reason` the BYE must say why."""
        self._number += 1
        check = '<action><ereg regexp="cause=" search_in="hdr" header="Reason:" check_it="true" assign_to="reason"/></action>'
        self._stages += 1
        label = f"bye{self._stages}"
        self._add(f'<recv request="MESSAGE" optional="true" next="{label}"/>')
        self._add(f'<recv request="BYE" timeout="170000">{check if reason else ""}</recv>')
        self._add(self._answer([], None, then="end"))
        self._add(f'<label id="{label}"/>')
        self._add(self._in_dialog("BYE", None, (), ""))
        return self._add('<recv response="200"/>')

    # Text

    def _add(self, step):
        self._steps.append(step)
        return self

    def _request(self, method, sdp, headers, begins):
        self._number += 1
        return self._add(_sent(
            f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0", *self._ours(),
            "To: <sip:[service]@[remote_ip]:[remote_port]>", f"CSeq: {self._number} {method}", *headers, body=sdp))

    def _in_dialog(self, method, body, headers, kind, retransmits=True):
        return _sent(
            f"{method} [next_url] SIP/2.0", *self._ours(), "[routes]",
            "To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]", f"CSeq: {self._number} {method}", *headers,
            body=body, kind=kind, retransmits=retransmits)

    @staticmethod
    def _ours():
        return (
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
            "From: <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]", "Call-ID: [call_id]",
            "Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>", "Max-Forwards: 70")

    @staticmethod
    def _answer(headers, sdp, then=None):
        return _sent(
            "SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", *headers,
            body=sdp, retransmits=False, then=then)


def _sent(*lines, body, kind="application/sdp", retransmits=True, then=None):
    attributes = (' retrans="500"' if retransmits else "") + (f' next="{then}"' if then else "")
    head = [*lines, *([f"Content-Type: {kind}", "Content-Length: [len]"] if body else ["Content-Length: 0"])]
    text = "\n".join(head) + "\n\n" + (body or "")
    return f"<send{attributes}><![CDATA[\n{text}\n]]></send>"
