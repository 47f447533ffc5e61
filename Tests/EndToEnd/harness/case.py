"""What every end-to-end test has: a folder for its logs, a server, people, ears; all of it ended when the test ends."""

import pathlib
import shutil
import unittest

import soundfile

from . import ears, voice
from .chromium import Chromium
from .pages import CallerPage, ConsultantPage, PromptsPage, SupervisorPage
from .programs import eventually
from .rtp import Telephone
from .server import Server
from .sip import Call

OUT = pathlib.Path(__file__).resolve().parent.parent / "out"
HOTLINE = "8001"  # the number in hotlines/proba.yaml

PROMPTS = {
    "witamy": "Dzień dobry, tu infolinia próbna gminy Centrala.",
    "wybor": "Aby rozmawiać po polsku, naciśnij jeden. Aby rozmawiać po angielsku, naciśnij dwa.",
    "zgoda": "Za Twoją zgodą nagramy tę rozmowę. Jeżeli się zgadzasz, naciśnij jeden. Jeżeli nie, naciśnij dwa.",
    "nastepny": "Jesteś następną osobą w kolejce.",
}


class EndToEndTest(unittest.TestCase):
    """`limit` is the time in seconds that the runner lets one test take; `threads` carry the server's sound."""

    limit = 120
    threads = "auto"

    def setUp(self):
        self.folder = OUT / self.id().split(".", 1)[1].replace(".", "-")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._pages, self._sounds, self._browsers = [], {}, 0
        self.addCleanup(self._keep_or_forget)
        self.server = self.start_server()

    def start_server(self):
        """A server of the test's own."""
        server = Server(self.folder / "server", threads=self.threads).start()
        self.addCleanup(server.stop)
        return server

    # Parties

    def caller(self, number="+48600100200", hotline=HOTLINE):
        """A telephone that has dialled and was answered: (telephone, call)."""
        telephone = Telephone()
        self.addCleanup(telephone.close)
        call = Call(self.server.sip_port, hotline, self.folder, telephone.port, caller=number)
        self.addCleanup(call.close)
        telephone.connect(call.answered())
        return telephone, call

    def browser(self, person=None):
        """A browser with what a person says as its microphone."""
        self._browsers += 1
        microphone = voice.write(person, self.folder / f"microphone-{self._browsers}.wav") if person else None
        browser = Chromium(self.folder / f"chromium-{self._browsers}.log", microphone)
        self.addCleanup(browser.close)
        return browser

    def consultant(self, account="konsultant", person=voice.CONSULTANT):
        """A consultant's page, logged in with the one-time password, changed, and ready for calls."""
        page = ConsultantPage(self.browser(person), self.server)
        self._pages.append(page)
        page.log_in(account)
        page.go_ready()
        return page

    def supervisor(self):
        page = SupervisorPage(self.browser(), self.server)
        self._pages.append(page)
        page.log_in("kierownik")
        return page

    def studio(self, person=None):
        """The prompts studio, with what a person says as the microphone."""
        page = PromptsPage(self.browser(person), self.server)
        self._pages.append(page)
        page.log_in("admin")
        return page

    def browser_caller(self, person=voice.CALLER):
        page = CallerPage(self.browser(person), self.server)
        self._pages.append(page)
        return page

    # What is heard

    def speech(self, person):
        """What a person says, at 8 kHz."""
        return ears.resampled(*voice.say(person))

    def hears_prompt(self, telephone, name, since=0.0, timeout=20):
        """Waits until the prompt was heard after a mark; returns the mark where it ended."""
        return self._hears(telephone, self.server.spoken(PROMPTS[name]), name, since, timeout)

    def _hears(self, telephone, prompt, name, since, timeout):
        best = [0.0]

        def heard():
            place, fit = ears.find(prompt, telephone.heard(since))
            best[0] = max(best[0], fit)
            return since + place + len(prompt) / ears.RATE if fit > 0.8 else None

        try:
            return eventually(heard, timeout, f"hear '{name}'", pause=0.3)
        except AssertionError as error:
            self.keep("heard-by-caller", telephone.heard())
            raise AssertionError(f"{error}; best fit {best[0]:.2f}") from None

    def through_menus(self, telephone):
        """Welcome, Polish, consent to be recorded: the caller is in the queue. Returns the mark."""
        mark = self.hears_prompt(telephone, "witamy")
        mark = self.hears_prompt(telephone, "wybor", mark - 0.5)
        telephone.press("1")
        mark = self.hears_prompt(telephone, "zgoda", mark - 0.5)
        telephone.press("1")
        return telephone.position()

    def assert_hears(self, who, said, heard):
        found = ears.likeness(said, heard)
        if not found.same:
            self.keep(f"{who} heard", heard)
        self.assertTrue(found.same, f"{who} should hear it: {found}")

    def assert_page_hears(self, who, said, page):
        """What the page has heard since it began to listen. On a busy machine a browser stretches sound in time, and what
        is stretched is like nothing: so it may listen twice more, at the same threshold."""
        heard = page.tab.heard()
        for _ in range(2):
            if ears.likeness(said, heard).same:
                return
            page.tab.listen()
            page.pause(8)
            heard = page.tab.heard()
        self.assert_hears(who, said, heard)

    def assert_does_not_hear(self, who, said, heard):
        found = ears.likeness(said, heard)
        if found.same:
            self.keep(f"{who} heard", heard)
        self.assertFalse(found.same, f"{who} should not hear it: {found}")

    def listen(self, telephone, seconds):
        """What the telephone hears in the next seconds."""
        mark = telephone.wait_until_heard(seconds, seconds + 10)
        return telephone.heard(mark)

    def keep(self, name, samples):
        """Sound to look at when the test fails."""
        soundfile.write(self.folder / f"{name.replace(' ', '-')}.wav", samples, ears.RATE)

    # The end

    def run(self, result=None):
        self._result = result
        return super().run(result)

    @property
    def _failed(self):
        return any(test is self for test, _ in self._result.errors + self._result.failures)

    def tearDown(self):
        """Notes what the pages show, as long as they are there."""
        if not self._failed:
            return
        for number, page in enumerate(self._pages, 1):
            try:
                page.tab.screenshot(self.folder / f"page-{number}.png")
                (self.folder / f"page-{number}.txt").write_text(f"{page.tab.text()}\n{page.tab.errors()}\n")
            except Exception as error:
                (self.folder / f"page-{number}.txt").write_text(str(error))

    def _keep_or_forget(self):
        if not self._failed:
            shutil.rmtree(self.folder, ignore_errors=True)
