"""Calls taken back before they began, and session timers that keep long ones alive (RFC 3261 §9, RFC 4028)."""

import re

from harness.message import Agent
from harness.programs import eventually
from harness.script import Script, description
from harness.shared import SharedServerTest

LATE = 60  # seconds in which a session of 90 must have been refreshed


class Sessions(SharedServerTest):
    limit = 100

    def test_cancel(self):
        """CANCEL in one breath with INVITE: the call is over, by 487 or, when it was too late, by BYE; nothing stays"""
        for _ in range(5):
            agent = Agent(self.server.sip_address(), "8002")
            self.addCleanup(agent.close)
            telephone = self.telephone()
            agent.request("INVITE", sdp=telephone.port)
            agent.request("CANCEL")
            seen = set()
            for status, method, text in agent.answers(1.0):
                seen.add((status, method))
                if method == "INVITE" and status >= 200:
                    tag = re.search(r"(?m)^To:.*;tag=([^;\s]+)", text)[1]
                    agent.request("ACK", to_tag=tag, new_branch=status == 200)
                    if status == 200 and (200, "BYE") not in seen:
                        agent.request("BYE", 2, tag, new_branch=True)
            # A 200 ends the INVITE's transaction (RFC 3261 §17.2.1): a CANCEL after it finds none and gets 481 (§9.2).
            cancelled = {(200, "CANCEL")} | ({(481, "CANCEL")} if (200, "INVITE") in seen else set())
            self.assertTrue(cancelled & seen, f"CANCEL is answered: {seen}")
            self.assertTrue({(487, "INVITE"), (200, "BYE")} & seen, f"the call is over: {seen}")
            eventually(lambda: not self.store.open(agent.caller), 3, "no contact to be left open")

    def test_cancel_without_invite(self):
        """CANCEL for a call that there is not gets 481"""
        agent = Agent(self.server.sip_address(), "8002")
        self.addCleanup(agent.close)
        agent.request("CANCEL")
        self.assertEqual({(status, method) for status, method, _ in agent.answers(1.0)}, {(481, "CANCEL")})

    def test_session_too_short(self):
        """A session of 30 s is refused with 422 and the shortest that is accepted"""
        telephone = self.telephone()
        call = self.play(
            Script().invite(description(telephone.port), ("Supported: timer", "Session-Expires: 30")).answered(422))
        self.assertTrue(call.succeeded(), call.trace()[-2000:])
        self.assertRegex(call.received("SIP/2.0 422")[0], r"(?m)^Min-SE: *90")

    def test_sessions_are_refreshed(self):
        """A session of 90 s is refreshed in time, by UPDATE where the caller allows it and by re-INVITE where not"""
        allow = "Allow: INVITE, ACK, BYE, CANCEL"
        timer = ("Supported: timer", "Session-Expires: 90;refresher=uas")
        calls = {}
        for method, allowed in (("UPDATE", allow + ", UPDATE"), ("INVITE", allow)):
            telephone = self.telephone()
            sdp = description(telephone.port)
            script = Script().call(sdp, (*timer, allowed)).asked(method, sdp if method == "INVITE" else None)
            call = self.play(script.stage("refreshed").until_bye())
            telephone.connect(call.answered())
            answer = call.received("SIP/2.0 200")[0]
            self.assertRegex(answer, r"(?m)^Session-Expires: *90;refresher=uas")
            calls[method] = telephone, call
        for method, (telephone, call) in calls.items():
            call.at("refreshed", LATE)
            self.assertRegex(call.received(method)[0], r"(?m)^Session-Expires: *\d+;refresher=uac")
            self.assert_hears_melody(telephone, f"the caller after {method}")
            call.hang_up()
