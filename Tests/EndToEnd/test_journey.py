"""A caller dials the hotline and is served, from the first ring to the downloaded recording."""

import soundfile

from harness import ears, voice
from harness.case import EndToEndTest
from harness.programs import eventually

CALLER = "+48600100200"


class Journey(EndToEndTest):
    limit = 180

    def test_whole_journey(self):
        """A caller is led through the menus, waits with music, talks, is held, and the recording has both sides"""
        said_by_caller, said_by_consultant = self.speech(voice.CALLER), self.speech(voice.CONSULTANT)
        consultant = self.consultant()
        telephone, call = self.caller(CALLER)

        mark = self.through_menus(telephone)
        self.hears_prompt(telephone, "nastepny", mark)
        consultant.until_offered(CALLER)
        self.assert_hears("the waiting caller", self.server.music, self.listen(telephone, 3))

        consultant.answer()
        telephone.say(said_by_caller)
        consultant.tab.listen()
        heard_by_caller = self.listen(telephone, 8)
        heard_by_consultant = consultant.tab.heard()
        self.assertIn(CALLER[-9:], consultant.caller)
        self.assertTrue(consultant.shows_recording, "the page says that the call is recorded")
        self.assert_hears("the caller", said_by_consultant, heard_by_caller)
        self.assert_hears("the consultant", said_by_caller, heard_by_consultant)
        self.assert_does_not_hear("the caller", said_by_caller, heard_by_caller)
        self.assert_does_not_hear("the consultant", said_by_consultant, heard_by_consultant)
        self.assert_does_not_hear("the caller", self.server.music, heard_by_caller)

        consultant.hold()
        telephone.wait_until_heard(0.5, 5)
        self.assert_hears("the held caller", self.server.music, self.listen(telephone, 3))
        consultant.resume()
        telephone.wait_until_heard(0.5, 5)
        self.assert_hears("the caller after hold", said_by_consultant, self.listen(telephone, 4))
        self.assertEqual(telephone.sources, 1, "one sound stream (SSRC) from the first prompt to the last word")

        consultant.hang_up()
        call.ended_by_server()
        consultant.finish()
        self.assertEqual(consultant.tab.errors(), [])
        self.recording_has_both_sides(said_by_caller, said_by_consultant)
        self.assertTrue(self.server.stop(), "the server ends by itself when asked to")

    def recording_has_both_sides(self, said_by_caller, said_by_consultant):
        supervisor = self.supervisor()
        contact = eventually(
            lambda: next((c for c in supervisor.contacts(CALLER) if c["recorded"]), None), 15, "the recording to be listed")
        for kind, name in (("wav", "WAV"), ("mp3", "MP3")):
            path = supervisor.download(contact["id"], kind, self.folder / f"downloaded.{kind}")
            self.assertEqual(soundfile.info(path).channels, 2)
            # The first seconds are talk; what follows is hold.
            left, right = (ears.load(path, side)[ears.RATE:7 * ears.RATE] for side in (0, 1))
            self.assert_hears(f"left of the {name}", said_by_caller, left)
            self.assert_hears(f"right of the {name}", said_by_consultant, right)
            self.assert_does_not_hear(f"left of the {name}", said_by_consultant, left)
            self.assert_does_not_hear(f"right of the {name}", said_by_caller, right)
        self.assertGreater(ears.load(path).size / ears.RATE, 14, "the recording goes on through the hold")
        self.assertEqual(supervisor.contacts("+48999999999"), [], "the search for another number finds nothing")


class JourneyOverThreads(Journey):
    """Caller and consultant come to different media threads and are brought together for the talk"""

    threads = 3

    def recording_has_both_sides(self, said_by_caller, said_by_consultant):
        moved = self.server.program.output().count("media.moved")
        self.assertGreater(moved, 0, "caller and consultant were on different threads")
        super().recording_has_both_sides(said_by_caller, said_by_consultant)
