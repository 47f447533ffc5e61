"""Steps that reach beyond the hotline: a message, a wish to be called back, a transfer, a question to an outside system."""

import http.server
import json
import threading

from harness import ears, voice
from harness.programs import eventually, free_port
from harness.shared import SharedServerTest
from harness.sip import Callee
from harness.rtp import Telephone

CALLEE, BUSY, OUTSIDE = free_port(), free_port(), free_port()
FIRST = "Tu infolinia prób dalekich kroków."
FAREWELL = "Dziękujemy za telefon i życzymy miłego dnia."

HOTLINE = f"""
hotline: 1
name: kroki
timezone: Europe/Warsaw
languages: [pl]
numbers: ["8200"]
start: wybor
prompts:
  wybor: {{ pl: "{FIRST}" }}
  nota: {{ notice: recording, pl: "Po sygnale zostaw wiadomość, a my ją nagramy." }}
  oddzwonimy: {{ pl: "Oddzwonimy do ciebie niebawem." }}
  saldo: {{ pl: "Na koncie jest {{amount:saldo}}." }}
  zegnaj: {{ pl: "{FAREWELL}" }}
  zajete: {{ pl: "Tam jest teraz zajęte." }}
queues:
  kolejka: {{ agents: demo, max_wait: 5m }}
mailboxes:
  skrzynka: {{ to: tickets, max: 1m, keep: 30d }}
steps:
  wybor:
    menu: wybor
    keys: {{ 1: poczta, 2: oddzwonienie, 3: przekazanie, 4: zajety, 5: kto, 6: tajne, 7: numer, 8: oboje }}
    otherwise: koniec
  poczta: {{ voicemail: skrzynka, say: nota, then: koniec }}
  oddzwonienie: {{ callback: kolejka, say: oddzwonimy, no_number: poczta, then: koniec }}
  oboje: {{ callback: kolejka, say: oddzwonimy, no_number: poczta, then: poczta }}
  przekazanie: {{ transfer: "sip:biuro@127.0.0.1:{CALLEE}", ring: 20s, failed: brak }}
  zajety: {{ transfer: "sip:biuro@127.0.0.1:{BUSY}", failed: brak }}
  numer: {{ transfer: "22 100 00 00", failed: brak }}
  brak: {{ say: zajete, then: koniec }}
  kto: {{ when: [{{ if: caller is known, then: pytanie }}], otherwise: brak }}
  pytanie: {{ lookup: "http://127.0.0.1:{OUTSIDE}/saldo?n={{caller}}", into: [saldo], within: 3s, then: saldo, failed: brak }}
  tajne: {{ lookup: "http://127.0.0.2:{OUTSIDE}/saldo", into: [saldo], within: 3s, then: saldo, failed: brak }}
  saldo: {{ say: saldo, then: koniec }}
  koniec: {{ hangup: zegnaj }}
"""


class Outside(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        Outside.asked.append(self.path)
        body = json.dumps({"saldo": "12.50", "other": "nothing"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class FarSteps(SharedServerTest):
    limit = 90
    # One private address may be asked; no other.
    server_options = {"hotlines": ("krotka",), "more": "lookups:\n  allow: [\"127.0.0.1/32\"]\n"}

    def start_server(self):
        server = super().start_server()
        file = server.folder / "hotlines/kroki.yaml"
        if not file.exists():
            file.write_text(HOTLINE, encoding="utf-8")
            server.command("reload")
        return server

    def press(self, key, caller=None):
        """A caller who hears the first sentence and chooses; the mark is a little before the end of what was heard, for a
        key cuts the last tenth of a second."""
        telephone, call = self.dial(hotline="8200")
        mark = self.hears(telephone, FIRST)
        telephone.press(key)
        return telephone, call, mark - 0.5

    def callee(self, *arguments, **options):
        callee = Callee(self.folder, *arguments, **options)
        self.addCleanup(callee.close)
        return callee

    def follow_ups(self, call):
        return self.store.rows(
            "SELECT kind, place, number, recording, duration FROM followUp WHERE number = ?", call.number)

    def test_message(self):
        """A message is recorded after the tone, ends with #, is listed and can be heard; the hotline goes on"""
        telephone, call, mark = self.press("1")
        mark = self.hears(telephone, "Po sygnale zostaw wiadomość, a my ją nagramy.", mark)
        self.assertEqual(self.follow_ups(call), [])
        telephone.wait_until_heard(0.6, 10)  # the tone
        said = self.speech(voice.CALLER)
        telephone.say(said)
        eventually(lambda: telephone.place > 5, 15, "the caller to speak for five seconds")
        telephone.press("#")
        self.hears(telephone, FAREWELL, mark)
        call.ended_by_server()
        rows = eventually(lambda: self.follow_ups(call), 10, "the message to be listed")
        kind, place, _, path, duration = rows[0]
        self.assertEqual((kind, place), ("message", "skrzynka"))
        self.assertGreater(duration, 4_000)
        rendered = self.server.folder / "message.wav"
        self.server.command("render", path, "--format", "wav", "--output", rendered)
        self.assert_hears("the mailbox", said, ears.load(rendered, side=0))
        self.assertIsNone(
            self.store.rows("SELECT recording FROM contact WHERE caller = ?", call.number)[0][0], "the call itself was not")

    def test_message_until_hang_up(self):
        """Who hangs up while speaking has left a message; who hangs up at the tone has not"""
        telephone, call, mark = self.press("1")
        mark = self.hears(telephone, "Po sygnale zostaw wiadomość, a my ją nagramy.", mark)
        telephone.say(self.speech(voice.CALLER))
        eventually(lambda: telephone.place > 3, 15, "the caller to speak")
        call.hang_up()
        eventually(lambda: self.follow_ups(call), 10, "the message to be listed")
        telephone, call, mark = self.press("1")
        self.hears(telephone, "Po sygnale zostaw wiadomość, a my ją nagramy.", mark)
        call.hang_up()
        self.store.ended(call.number)
        self.assertEqual(self.follow_ups(call), [])

    def test_callback(self):
        """A wish to be called back is noted with the caller's number, and said so"""
        telephone, call, mark = self.press("2")
        self.hears(telephone, "Oddzwonimy do ciebie niebawem.", mark)
        rows = eventually(lambda: self.follow_ups(call), 10, "the wish to be listed")
        self.assertEqual(rows[0][:3], ("callback", "kolejka", call.number))
        call.ended_by_server()

    def test_callback_and_message(self):
        """Who wishes to be called back and then leaves a message too is listed with both"""
        telephone, call, mark = self.press("8")
        self.hears(telephone, "Po sygnale zostaw wiadomość, a my ją nagramy.", mark)
        telephone.say(self.speech(voice.CALLER))
        eventually(lambda: telephone.place > 4, 15, "the caller to speak")
        call.hang_up()
        rows = eventually(lambda: len(self.follow_ups(call)) == 2 and self.follow_ups(call), 10, "both to be listed")
        self.assertEqual({kind for kind, *_ in rows}, {"callback", "message"})

    def test_transfer(self):
        """A transfer rings, joins caller and callee in both directions, and ends with the callee"""
        other = Telephone()
        self.addCleanup(other.close)
        callee = self.callee(other.port, port=CALLEE)
        telephone, call, mark = self.press("3")
        address = callee.called()
        callee.talking()
        other.connect(address)
        telephone.say(self.speech(voice.CALLER))
        other.say(self.speech(voice.CONSULTANT))
        telephone.wait_until_heard(1, 10)
        mark = telephone.wait_until_heard(4, 10)
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), telephone.heard(mark))
        self.assert_hears("the callee", self.speech(voice.CALLER), other.heard(1))
        call.ended_by_server(15)
        kinds = [kind for kind, _ in self.store.facts(call.number)]
        self.assertIn("transferred", kinds)
        self.assertEqual(self.store.ended(call.number)[0], "agent")

    def test_caller_leaves_a_transfer(self):
        """When the caller hangs up after a transfer, the callee gets BYE"""
        other = Telephone()
        self.addCleanup(other.close)
        callee = self.callee(other.port, port=CALLEE)
        telephone, call, _ = self.press("3")
        other.connect(callee.called())
        callee.talking()
        call.hang_up()
        self.assertEqual(callee.program.wait(5), 0, "the callee got BYE long before it would have hung up")

    def test_transfer_fails(self):
        """Where it is busy, and where numbers have no trunk, the hotline goes on and says so"""
        self.callee(scenario="busy", port=BUSY)
        for key in "47":
            telephone, call, mark = self.press(key)
            self.hears(telephone, "Tam jest teraz zajęte.", mark)
            call.ended_by_server()
            self.assertIn("transferFailed", [kind for kind, _ in self.store.facts(call.number)])

    def test_lookup(self):
        """A lookup brings what is spoken; an address that is not allowed is not asked; one that does not answer fails"""
        server = http.server.ThreadingHTTPServer(("0.0.0.0", OUTSIDE), Outside)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        telephone, call, mark = self.press("5")
        call.ended_by_server(20)
        self.assertIn("saldo", self.store.steps(call.number))
        self.assertEqual(Outside.asked, [f"/saldo?n=%2B{call.number[1:]}"])
        telephone, call, mark = self.press("6")
        self.hears(telephone, "Tam jest teraz zajęte.", mark)
        call.ended_by_server()
        self.assertEqual(len(Outside.asked), 1, "the other address was not allowed")
        server.shutdown()
        server.server_close()
        telephone, call, mark = self.press("5")
        self.hears(telephone, "Tam jest teraz zajęte.", mark)
        call.ended_by_server()
