"""The example hotline, whole, for a real caller: language, consent, a topic, a consultant, and the survey after the talk."""

import re

from harness import voice
from harness.case import EndToEndTest
from harness.programs import eventually
from harness.rtp import Telephone
from harness.server import Server
from harness.sip import Call

CALLER = "+48600100300"


class Example(EndToEndTest):
    limit = 240

    def start_server(self):
        server = Server(self.folder / "server", hotlines=("infolinia",))
        # A test comes at any hour: this office is always open.
        file = server.folder / "hotlines/infolinia.yaml"
        text = file.read_text(encoding="utf-8")
        text = text.replace("mon-fri: 08:00-17:00", "mon-sun: 00:00-24:00").replace("    holidays: PL", "    #")
        text = re.sub(r"    except:\n(      20.*\n)+", "", text)
        file.write_text(text[:text.index("\ntests:")] + "\n", encoding="utf-8")
        self.addCleanup(server.stop)
        return server.start()

    def test_survey_after_the_talk(self):
        """Through the example hotline to a consultant, recorded with consent; after the talk the survey, answers kept"""
        consultant = self.consultant()
        telephone = Telephone()
        self.addCleanup(telephone.close)
        call = Call(self.server.sip_port, "infolinia-fbc", self.folder, telephone.port, caller=CALLER)
        self.addCleanup(call.close)
        telephone.connect(call.answered())
        store = self.server.store

        def at(step, timeout=40):
            eventually(lambda: step in store.steps(CALLER), timeout, f"the step '{step}'")

        at("jezyk")
        telephone.press("1")
        at("zgoda")
        telephone.press("1")  # acts at the end of the notice
        at("glowne")
        telephone.press("2")
        consultant.until_offered(CALLER)
        consultant.answer()
        said = self.speech(voice.CALLER)
        telephone.say(said)
        consultant.tab.listen()
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 5))
        self.assert_page_hears("the consultant", said, consultant)
        self.assertTrue(consultant.shows_recording)
        consultant.hang_up()
        mark = telephone.position()
        self._hears(telephone, self.server.spoken("Czy sprawa została załatwiona? Tak — naciśnij 1, nie — naciśnij 2."),
                    "the first question", mark - 1, 20)
        telephone.press("1")
        self._hears(telephone, self.server.spoken("Oceń rozmowę od 1 do 5, gdzie 5 to bardzo dobrze."),
                    "the second question", mark, 20)
        telephone.press("5")
        call.ended_by_server(20)
        facts = eventually(
            lambda: [f for f in [store.facts(CALLER)] if any(kind == "ended" for kind, _ in f)], 10, "the end")[0]
        answers = {detail["question"]: detail["value"] for kind, detail in facts if kind == "answer"}
        self.assertEqual(answers, {"zalatwiona": "1", "ocena": "5"})
        self.assertIn({"tag": "nis2"}, [detail for kind, detail in facts if kind == "tag"])
        self.assertIn("recordingOn", [kind for kind, _ in facts])
        page = self.supervisor()
        self.assertIn("ocena", page.story(store.contact(CALLER)))
