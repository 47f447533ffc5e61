"""Prompts recorded by telephone: a PIN set on the page, the talk with the studio's number, and what callers hear afterwards."""

import functools

import numpy

from harness import ears, voice
from harness.programs import eventually
from harness.script import Script, description
from harness.shared import SharedServerTest

FIRST = "Dzień dobry, tu infolinia, którą ktoś nagra dopiero przez telefon."
LAST = "Dziękujemy za rozmowę, do usłyszenia."
LECTOR = ("pl+f2", 45, "Dzień dobry. Tę zapowiedź nagrała przez telefon lektorka z krwi i kości.")
HOTLINE = f"""
hotline: 1
name: telefoniczna
timezone: Europe/Warsaw
languages: [pl]
numbers: ["8210"]
start: poczatek
prompts:
  witamy: {{ pl: "{FIRST}" }}
  koniec: {{ pl: "{LAST}" }}
steps:
  poczatek: {{ say: witamy, then: koniec }}
  koniec: {{ hangup: koniec }}
"""
STUDIO = "8299"
PIN = "730519"
ASK = "Studio zapowiedzi. Podaj swój numer i krzyżyk."
ASK_PIN = "Podaj PIN i krzyżyk."
MENU = "Krzyżyk: następna zapowiedź bez nagrania. Albo podaj numer zapowiedzi i krzyżyk. Gwiazdka kończy."
LOCKED = "Po nieudanych próbach telefon jest zablokowany. Spróbuj ponownie za pięć minut."
TONE = "Mów po sygnale. Krzyżyk kończy nagranie."
REVIEW = "Jeden: zachowaj. Dwa: nagraj jeszcze raz. Trzy: następna. Gwiazdka kończy."
SOON = 60  # seconds, on a busy machine: hashes, synthesis and reloads lie between


class StudioPhone(SharedServerTest):
    limit = 240
    server_options = {"hotlines": (), "files": {"telefoniczna": HOTLINE}, "more": f"studio:\n  number: {STUDIO}\n"}
    hotline = "8210"

    @staticmethod
    @functools.cache
    def lector():
        """What the lector says, at 8 kHz; said once, for the synthesiser says nothing twice alike."""
        return ears.resampled(*voice.say(LECTOR))

    def page(self):
        """The page "Record by telephone" of the administrator, with a PIN set; the account's own number."""
        page = self.studio()
        page.open_phone()
        self.assertIn("zbyt łatwo zgadnąć", page.set_pin("123456"))
        self.assertEqual(page.set_pin(PIN), "")
        return page, page.own_number

    def setUp(self):
        super().setUp()
        # Said ahead: the synthesiser says nothing twice alike, and what was said once is kept.
        for text in (ASK, ASK_PIN, MENU, LOCKED, TONE, REVIEW):
            self.server.spoken(text)

    def dial_studio(self, caller):
        telephone = self.telephone()
        call = self.play(Script().call(description(telephone.port)).until_bye(), STUDIO, caller=caller)
        telephone.connect(call.answered())
        return telephone, call

    def enter(self, telephone, own, pin, mark=0.0):
        mark = self.hears(telephone, ASK, mark, SOON)
        telephone.press(own + "#")
        mark = self.hears(telephone, ASK_PIN, mark - 0.5, SOON)
        telephone.press(pin + "#")
        return mark

    def record(self, telephone, mark, ends="#"):
        """From the end of the prompt's text: speaks after the tone; returns the mark from which the take is heard."""
        mark = self.hears(telephone, TONE, mark - 0.5, SOON)
        telephone.wait_until_heard(1.2, 10)
        telephone.say(self.once(self.lector()))
        eventually(lambda: telephone.place > len(self.lector()) / ears.RATE, 30, "the lector to speak to the end")
        if ends:
            telephone.press(ends)
        return telephone.position()

    @staticmethod
    def once(samples):
        """Followed by silence that is longer than anybody listens."""
        return numpy.concatenate([samples, numpy.zeros(60 * ears.RATE, dtype=samples.dtype)])

    def files(self):
        """What is left of what was said to the studio."""
        return [path for path in self.server.data.rglob("studio_*")]

    def test_record_by_phone(self):
        """An administrator dials, enters a PIN, hears the text, records and keeps: callers hear it, the page shows the take"""
        page, own = self.page()
        telephone, call = self.dial_studio(self.number())
        mark = self.enter(telephone, own, PIN)
        mark = self.hears(telephone, MENU, mark - 0.5, SOON)
        telephone.press("#")
        mark = self.hears(telephone, FIRST, mark - 0.5, SOON)
        mark = self.record(telephone, mark)
        mark = self.hears(telephone, REVIEW, mark, SOON)
        heard = telephone.heard(mark - 14)
        self.assertGreater(ears.find(self.lector(), heard)[1], 0.8, "the recording is heard back")
        telephone.press("1")
        mark = self.hears(telephone, LAST, mark - 0.5, SOON)
        telephone.press("*")
        call.ended_by_server(20)
        caller, _ = self.dial()
        self._hears(caller, self.lector(), "the lector", 0.0, 30)
        page.open("telefoniczna", "witamy", "pl")
        self.assertTrue(page.tab.run("!!document.querySelector('[data-testid=take][data-current]')"), "the take is in use")
        rows = self.store.rows("SELECT actor, action, subject, source FROM audit WHERE action = 'prompt recorded by phone'")
        self.assertEqual(rows, [("admin", "prompt recorded by phone", "telefoniczna/witamy/pl/1", f"tel:{call.number}")])
        self.assertEqual(self.store.rows("SELECT id FROM contact WHERE caller = ?", call.number), [])
        eventually(lambda: not self.files(), 10, "what was said to be deleted")
        log = self.server.program.output()
        self.assertNotIn(PIN, log)

    def test_wrong_pin(self):
        """Three wrong PINs end the call and lock account and caller, who hears so"""
        own, caller = self.page()[1], self.number()
        telephone, call = self.dial_studio(caller)
        mark = 0.0
        for _ in range(3):
            mark = self.enter(telephone, own, "480217", mark)
        call.ended_by_server(60)
        telephone, call = self.dial_studio(caller)
        mark = self.enter(telephone, own, PIN)
        self.hears(telephone, LOCKED, mark, SOON)
        call.ended_by_server(30)
        actions = [action for action, in self.store.rows("SELECT action FROM audit WHERE source = ?", f"tel:{caller}")]
        self.assertEqual(actions, ["PIN failed"] * 3 + ["PIN refused"])
        self.assertEqual(self.store.rows("SELECT id FROM contact WHERE caller = ?", caller), [])

    def test_again_and_silence(self):
        """A recording made again ends by itself when the caller is silent; what is not kept is heard by nobody and deleted"""
        page, own = self.page()
        telephone, call = self.dial_studio(self.number())
        mark = self.enter(telephone, own, PIN)
        mark = self.hears(telephone, MENU, mark - 0.5, SOON)
        telephone.press("2#")
        mark = self.hears(telephone, LAST, mark - 0.5, SOON)
        mark = self.record(telephone, mark, ends=None)
        mark = self.hears(telephone, REVIEW, mark, SOON)
        telephone.press("2")
        mark = self.record(telephone, mark)
        mark = self.hears(telephone, REVIEW, mark, SOON)
        call.hang_up()
        page.open("telefoniczna", "koniec", "pl")
        self.assertEqual(page.tab.run("document.querySelectorAll('[data-testid=take]').length"), 0)
        eventually(lambda: not self.files(), 10, "what was said to be deleted")
