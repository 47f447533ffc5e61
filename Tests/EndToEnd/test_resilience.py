"""What a call survives: a reloaded page, a closed page, a killed server."""

import time

from harness import ears, voice
from harness.case import EndToEndTest
from harness.programs import eventually

CALLER = "+48600100203"


class Resilience(EndToEndTest):
    limit = 150

    def in_talk(self):
        """A consultant and a caller, talking."""
        consultant = self.consultant()
        telephone, call = self.caller(CALLER)
        self.through_menus(telephone)
        consultant.until_offered(CALLER)
        consultant.answer()
        telephone.say(self.speech(voice.CALLER))
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 4))
        return consultant, telephone, call

    def test_reloaded_page_gets_the_call_back(self):
        """A consultant reloads the page in a call: the caller hears music, then the consultant again"""
        consultant, telephone, call = self.in_talk()
        reloaded = time.monotonic()
        consultant.tab.reload()
        consultant.until_state("talking", timeout=30)
        self.assertLess(time.monotonic() - reloaded, 30)
        self.assertIn(CALLER[-9:], consultant.caller)
        telephone.wait_until_heard(1, 5)
        consultant.tab.listen()
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 5))
        self.assert_page_hears("the consultant", self.speech(voice.CALLER), consultant)
        consultant.hang_up()
        call.ended_by_server()

    def test_talk_goes_on_when_the_log_in_ends(self):
        """A consultant's twelve hours are over in a talk: it goes on, and the page asks to log in when it has ended"""
        consultant, telephone, call = self.in_talk()
        self.server.store.age_sessions(13)
        consultant.pause(64)
        self.assertEqual(consultant.state, "talking")
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 4))
        consultant.hang_up()
        consultant.tab.until("location.pathname === '/login'", 10, "to be asked to log in")
        call.ended_by_server()

    def test_closed_page_sends_the_caller_back_to_the_queue(self):
        """A consultant's page vanishes for good: the caller hears music and another consultant gets the call"""
        consultant, telephone, _ = self.in_talk()
        second = self.consultant("konsultant2", voice.SECOND_CONSULTANT)
        consultant.browser.close()
        telephone.wait_until_heard(3, 10)
        self.assert_hears("the caller left alone", self.server.music, self.listen(telephone, 3))
        second.until_offered(CALLER, timeout=45)
        second.answer()
        self.assert_hears("the caller", self.speech(voice.SECOND_CONSULTANT), self.listen(telephone, 5))

    def test_killed_server_loses_no_more_than_a_second(self):
        """After kill -9 in a call the recording is there to its last second and the contact is closed as failed"""
        _, telephone, call = self.in_talk()
        telephone.wait_until_heard(6, 15)
        self.server.kill()
        talked = telephone.position()
        call.close()
        journals = list(self.server.data.rglob("*.cjr"))
        self.assertEqual(len(journals), 1)
        contact = journals[0].stem

        self.server.start()
        recording = self.server.rendered(contact)
        left, right = ears.load(recording, 0), ears.load(recording, 1)
        self.assert_hears("left", self.speech(voice.CALLER), left[-5 * ears.RATE:])
        self.assert_hears("right", self.speech(voice.CONSULTANT), right[-5 * ears.RATE:])
        self.last_second_is_there(telephone.heard(talked - 4, talked), right)

        supervisor = self.supervisor()
        row = eventually(lambda: supervisor.contacts(CALLER), 10, "the contact to be listed")[0]
        self.assertEqual(row["id"], contact)
        self.assertTrue(row["recorded"])
        self.assertRegex(row["text"], "failed|przerwane")

    def last_second_is_there(self, heard, right):
        """The end of what the caller heard lies in the recording no more than a second before its end."""
        place, fit = ears.find(heard, right)
        missing = heard.size / ears.RATE - (right.size / ears.RATE - place)
        if fit < 0.8:  # the very end is missing: look for what is left of it
            place, fit = ears.find(heard[:-ears.RATE], right)
            missing = 1.0
        self.assertGreater(fit, 0.8, "the talk's last seconds are in the recording")
        self.assertLessEqual(missing, 1.0)
