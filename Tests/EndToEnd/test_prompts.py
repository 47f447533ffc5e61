"""The prompts studio: what is missing, recordings sent and made in the browser, and what callers hear of them."""

import functools
import json

import numpy
import soundfile

from harness import ears, voice
from harness.shared import SharedServerTest

WELCOME = "Dzień dobry, tu infolinia, której zapowiedzi ktoś dopiero nagra."
MIDDLE = "To zdanie zawsze czyta komputer, bo nikt go nie nagrał, a trwa ono dość długo."
END = "Dziękujemy za rozmowę, do usłyszenia."
LECTOR = ("pl+f2", 45, "Dzień dobry. Dodzwonili się Państwo do infolinii, którą nagrała lektorka z krwi i kości.")
HOTLINE = f"""
hotline: 1
name: studyjna
timezone: Europe/Warsaw
languages: [pl, en]
numbers: ["8200"]
start: poczatek
prompts:
  witamy: {{ pl: "{WELCOME}", en: "Good morning, this hotline waits for its recordings." }}
  srodek: {{ pl: "{MIDDLE}" }}
  numer: {{ pl: "Twój numer to {{digits:caller}}." }}
  koniec: {{ pl: "{END}" }}
steps:
  poczatek: {{ say: witamy, then: srodek }}
  srodek: {{ say: srodek, then: kto }}
  kto: {{ when: [{{ if: caller is known, then: numer }}], otherwise: znowu }}
  numer: {{ say: numer, then: znowu }}
  znowu: {{ say: witamy, then: koniec }}
  koniec: {{ hangup: koniec }}
"""


class Prompts(SharedServerTest):
    limit = 180
    server_options = {"hotlines": (), "files": {"studyjna": HOTLINE}}
    hotline = "8200"

    @staticmethod
    @functools.cache
    def said():
        """What the lector says: samples and their rate. Said once: the synthesiser says nothing twice alike."""
        return voice.say(LECTOR)

    def lector(self):
        """The same at 8 kHz."""
        return ears.resampled(*self.said())

    def recording(self, name, subtype="PCM_16", silence=2.0, gain=0.05):
        """A WAV file as an amateur makes it: too soft, a click at the start, long silence with a little noise."""
        samples, rate = self.said()
        noise = numpy.random.default_rng(5).normal(0, 0.0004, int(len(samples) + 2 * silence * rate))
        noise[int(silence * rate):int(silence * rate) + len(samples)] += gain * samples / numpy.abs(samples).max()
        noise[200:230] += 0.04
        path = self.folder / name
        soundfile.write(path, noise, rate, format="WAV", subtype=subtype)
        return path

    def hears_lector(self, telephone, since=0.0):
        return self._hears(telephone, self.lector(), "the lector", since, 30)

    def test_recording_replaces_text(self):
        """A recording sent by an administrator is heard by the next caller; calls that go on end on their version"""
        studio = self.studio()
        self.assertEqual(studio.states("missing"), {
            (name, "en"): "missing" for name in ("srodek", "numer", "koniec")})
        self.assertEqual(studio.states()["witamy", "pl"], "spoken")
        studio.open("studyjna", "witamy", "pl")
        take = studio.send(self.recording("za-cicho.wav"))
        self.assertIsInstance(take, int, take)
        before = ears.load(studio.sound(f"#take-{take} [data-testid=before]", self.folder / "before.wav"))
        after = ears.load(studio.sound(f"#take-{take} [data-testid=after]", self.folder / "after.wav"))
        self.assertGreater(len(before) - len(after), 3 * ears.RATE, "silence is cut off")
        self.assertGreater(ears.find(self.lector(), after)[1], 0.9)
        self.assertGreater(numpy.abs(after).max(), 3 * numpy.abs(before).max(), "it is louder")
        length = studio.tab.run(f"""(async () => {{
            const player = document.querySelector('#take-{take} [data-testid=after]');
            await player.play();
            player.pause();
            return player.duration;
        }})()""")
        self.assertAlmostEqual(length, len(after) / ears.RATE, delta=0.1, msg="the page can play it")
        earlier, _ = self.dial()
        mark = self.hears(earlier, WELCOME)
        studio.use(take)
        self.assertEqual(studio.states()["witamy", "pl"], "recorded")
        later, call = self.dial()
        self.hears_lector(later)
        call.hang_up()
        self.hears(earlier, WELCOME, mark, timeout=40)
        studio.open("studyjna", "witamy", "pl")
        studio.stop_using()
        self.assertEqual(studio.states()["witamy", "pl"], "spoken")
        last, call = self.dial()
        self.hears(last, WELCOME)
        call.hang_up()

    def test_record_in_browser(self):
        """What is recorded in the browser with the keyboard is heard by callers after it was accepted"""
        studio = self.studio(LECTOR)
        studio.open("studyjna", "koniec", "pl")
        press = "dispatchEvent(new KeyboardEvent('keydown', { key: 'F2' }))"
        take = studio.record(14, press)
        self.assertIsInstance(take, int, take)
        after = ears.load(studio.sound(f"#take-{take} [data-testid=after]", self.folder / "after.wav"))
        self.assert_hears("the take", self.lector(), after)
        studio.use(take)
        self.assertEqual(studio.states()["koniec", "pl"], "recorded")
        self.assertEqual(studio.tab.errors(), [])
        telephone, _ = self.dial()
        self._hears(telephone, after, "what was recorded", 0.0, 60)

    def test_bad_files_are_refused(self):
        """What is no WAV file, compressed, cut short or silent is refused in the page's language, and changes nothing"""
        studio = self.studio()
        studio.open("studyjna", "witamy", "en")
        samples, rate = self.said()
        soundfile.write(self.folder / "pretends.mp3", samples, rate)
        mp3 = (self.folder / "pretends.mp3").rename(self.folder / "pretends.wav")
        adpcm = self.recording("adpcm.wav", subtype="IMA_ADPCM")
        whole = self.recording("whole.wav")
        cut = self.folder / "cut.wav"
        cut.write_bytes(whole.read_bytes()[:50000])
        soundfile.write(self.folder / "silent.wav", numpy.zeros(rate), rate)
        soundfile.write(self.folder / "long.wav", numpy.tile(samples, 30), rate)
        for path, words in [
                (mp3, "nie jest plik WAV"), (adpcm, "skompresowany"), (cut, "niepełny"),
                (self.folder / "silent.wav", "nie słychać głosu"), (self.folder / "long.wav", "można wysłać najwyżej 180 s")]:
            self.assertIn(words, str(studio.send(path)), path.name)
            studio.open("studyjna", "witamy", "en")
        self.assertEqual(studio.tab.run("document.querySelectorAll('[data-testid=take]').length"), 0)
        self.assertEqual(studio.states()["witamy", "en"], "spoken")

    def test_many_files_at_once(self):
        """Files named as in the script go each to its prompt; those that fit no prompt say so; all are used at once"""
        studio = self.studio()
        lines = studio.send_all([
            self.recording("studyjna-pl-srodek.wav"), self.recording("STUDYJNA-EN-witamy.WAV"), self.recording("inna.wav"),
            self.recording("studyjna-pl-numer.wav")])
        self.assertIn("nie pasuje do żadnej zapowiedzi", lines[2])
        self.assertIn("wstawiane są wartości", lines[3])
        self.assertEqual(studio.states("recorded").keys() & {("srodek", "pl"), ("witamy", "en")}, set())
        studio.send_all([self.recording("studyjna-pl-srodek.wav"), self.recording("STUDYJNA-EN-witamy.WAV")])
        studio.use_all()
        self.assertLessEqual({("srodek", "pl"), ("witamy", "en")}, studio.states("recorded").keys())
        for prompt, language in (("srodek", "pl"), ("witamy", "en")):
            studio.open("studyjna", prompt, language)
            studio.stop_using()

    def test_script_for_the_lector(self):
        """The script holds each text of a language with its file's name, and what is not to be recorded apart"""
        studio = self.studio()
        studio.tab.go(f"{self.server.web}/prompts/script?hotline=studyjna&language=pl")
        lines = studio.tab.run("[...document.querySelectorAll('[data-testid=script] li')].map(line => line.innerText)")
        self.assertEqual(len(lines), 3, json.dumps(lines))
        self.assertIn(WELCOME, lines[0])
        self.assertIn("studyjna-pl-witamy.wav", lines[0])
        self.assertIn("{digits:caller}", studio.tab.text())
