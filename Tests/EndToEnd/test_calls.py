"""Calls that end from the caller's side, and calls beside one another."""

from harness import ears, voice
from harness.case import EndToEndTest
from harness.programs import eventually

FIRST, SECOND = "+48600100201", "+48600100202"


class Endings(EndToEndTest):
    limit = 120

    def test_caller_hangs_up_while_offered_and_while_talking(self):
        """When the caller hangs up, the offer goes away, and a talk ends at once on the consultant's page"""
        consultant = self.consultant()
        telephone, call = self.caller(FIRST)
        self.through_menus(telephone)
        consultant.until_offered(FIRST)
        call.hang_up()
        consultant.until_state("ready", timeout=5)

        telephone, call = self.caller(SECOND)
        self.through_menus(telephone)
        consultant.until_offered(SECOND)
        consultant.answer()
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 4))
        call.hang_up()
        consultant.until_state("wrap-up", "ready", timeout=5)
        consultant.finish()

        supervisor = self.supervisor()
        eventually(lambda: len(supervisor.contacts()) == 2, 10, "two contacts to be listed")
        self.assertFalse(supervisor.contacts(FIRST)[0]["recorded"], "who was never answered was never recorded")
        self.assertTrue(supervisor.contacts(SECOND)[0]["recorded"])

    def test_nothing_is_recorded_without_consent(self):
        """Who presses 2 at the question about recording is served and not recorded"""
        consultant = self.consultant()
        telephone, call = self.caller(FIRST)
        mark = self.hears_prompt(telephone, "wybor")
        telephone.press("1")
        self.hears_prompt(telephone, "zgoda", mark - 0.5)
        telephone.press("2")
        consultant.until_offered(FIRST)
        consultant.answer()
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 4))
        self.assertFalse(consultant.shows_recording)
        consultant.hang_up()
        call.ended_by_server()
        supervisor = self.supervisor()
        contact = eventually(lambda: supervisor.contacts(FIRST), 10, "the contact to be listed")[0]
        self.assertFalse(contact["recorded"])
        self.assertEqual(list(self.server.data.rglob("*.cjr")), [], "no journal on the disk")

    def test_consultant_rejects_and_mutes(self):
        """A rejected caller keeps waiting and is offered to another; a muted consultant is not heard"""
        first = self.consultant()
        telephone, _ = self.caller(FIRST)
        self.through_menus(telephone)
        first.until_offered(FIRST)
        second = self.consultant("konsultant2", voice.SECOND_CONSULTANT)
        first.reject()
        second.until_offered(FIRST)
        second.answer()
        said = self.speech(voice.SECOND_CONSULTANT)
        self.assert_hears("the caller", said, self.listen(telephone, 4))
        second.mute()
        telephone.wait_until_heard(0.5, 5)
        self.assertLess(ears.loudness(self.listen(telephone, 3)), 0.005, "silence from a muted consultant")
        second.mute()
        telephone.wait_until_heard(0.5, 5)
        self.assert_hears("the caller", said, self.listen(telephone, 4))
        offers = [detail for kind, detail in self.server.store.facts(FIRST) if kind == "offered"]
        self.assertEqual([offer["rule"] for offer in offers], ["longest-idle"] * 2)
        self.assertEqual(offers[1].get("asked"), offers[0]["name"], "why it rang at the second: the first did not take it")


class TwoCalls(EndToEndTest):
    limit = 150

    def test_two_calls_do_not_hear_each_other(self):
        """Two calls at once: each caller hears one consultant and no one else, and the other way round"""
        consultants = {
            "first": (self.consultant("konsultant", voice.CONSULTANT), self.speech(voice.CONSULTANT)),
            "second": (self.consultant("konsultant2", voice.SECOND_CONSULTANT), self.speech(voice.SECOND_CONSULTANT)),
        }
        callers = {
            FIRST: (*self.caller(FIRST), self.speech(voice.CALLER)),
            SECOND: (*self.caller(SECOND), self.speech(voice.SECOND_CALLER)),
        }
        for telephone, _, _ in callers.values():
            self.through_menus(telephone)
        pairs = {}
        for name, (page, _) in consultants.items():
            page.tab.wait_for("#answer", 20)
            page.answer()
            page.tab.listen()
            pairs[name] = next(number for number in callers if number[-9:] in page.caller)
        self.assertEqual(set(pairs.values()), set(callers), "each consultant has another caller")
        for telephone, _, said in callers.values():
            telephone.say(said)
        marks = {number: telephone.wait_until_heard(9, 20) for number, (telephone, _, _) in callers.items()}

        for name, (page, said_by_consultant) in consultants.items():
            telephone, _, said_by_caller = callers[pairs[name]]
            other_consultant = next(said for other, (_, said) in consultants.items() if other != name)
            other_caller = next(said for number, (_, _, said) in callers.items() if number != pairs[name])
            heard_by_caller = telephone.heard(marks[pairs[name]])
            heard_by_consultant = page.tab.heard()
            self.assert_hears(f"the caller of {name}", said_by_consultant, heard_by_caller)
            self.assert_does_not_hear(f"the caller of {name}", other_consultant, heard_by_caller)
            self.assert_does_not_hear(f"the caller of {name}", other_caller, heard_by_caller)
            self.assert_hears(f"consultant {name}", said_by_caller, heard_by_consultant)
            self.assert_does_not_hear(f"consultant {name}", other_caller, heard_by_consultant)
            self.assert_does_not_hear(f"consultant {name}", other_consultant, heard_by_consultant)
