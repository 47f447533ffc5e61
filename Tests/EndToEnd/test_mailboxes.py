"""Mailboxes that send to an address: by mail and to a system on the web, once, and whatever stops in between."""

import json

from harness import voice
from harness.mail import MailServer, Receiver, sound_of
from harness.programs import eventually, free_port
from harness.shared import SharedServerTest

MAIL, WEB = free_port(), free_port()
NOTICE = "Po sygnale zostaw wiadomość, a my ją nagramy."
FAREWELL = "Dziękujemy za telefon i życzymy miłego dnia."

HOTLINE = f"""
hotline: 1
name: poczta
title: Infolinia „Łąka i Źródło”
timezone: Europe/Warsaw
languages: [pl]
numbers: ["8300"]
start: wybor
prompts:
  nota: {{ notice: recording, pl: "{NOTICE}" }}
  zegnaj: {{ pl: "{FAREWELL}" }}
mailboxes:
  listowa: {{ to: biuro@example.org, max: 1m, keep: 30d }}
  sieciowa: {{ to: "http://127.0.0.1:{WEB}/przyjmij?klucz=tajne", max: 1m, keep: 30d }}
steps:
  wybor: {{ menu: nota, keys: {{ 1: listem, 2: siecia }}, otherwise: koniec }}
  listem: {{ voicemail: listowa, then: koniec }}
  siecia: {{ voicemail: sieciowa, then: koniec }}
  koniec: {{ hangup: zegnaj }}
"""

CONFIGURATION = f"""
lookups:
  allow: ["127.0.0.1/32"]
mail:
  host: 127.0.0.1
  port: {MAIL}
  security: none
  from: centrala@example.org
"""


class Mailboxes(SharedServerTest):
    limit = 120
    server_options = {"hotlines": (), "files": {"poczta": HOTLINE}, "more": CONFIGURATION}

    def leave_message(self, key):
        """A caller who chooses, speaks for five seconds and ends with #: (call, what was said)."""
        telephone, call = self.dial(hotline="8300")
        mark = self.hears(telephone, NOTICE)
        telephone.press(key)
        telephone.wait_until_heard(0.6, 10)  # the tone
        said = self.speech(voice.CALLER)
        telephone.say(said)
        eventually(lambda: telephone.place > 5, 20, "the caller to speak for five seconds")
        telephone.press("#")
        self.hears(telephone, FAREWELL, mark)
        call.ended_by_server()
        return call, said

    def delivery(self, call):
        """(state, failed tries, reason, status) of the caller's message."""
        rows = self.store.rows(
            "SELECT state, attempts, reason, status FROM delivery JOIN followUp ON followUp = id WHERE number = ?",
            call.number)
        return rows[0] if rows else None

    def until(self, call, state):
        return eventually(
            lambda: (found := self.delivery(call)) and found[0] == state and found, 30, f"the message to be {state}")

    def serve_mail(self):
        server = MailServer(MAIL)
        self.addCleanup(server.close)
        return server

    def test_mail(self):
        """A message comes by mail, once, with what the caller said as a sound file and words in the hotline's language"""
        server = self.serve_mail()
        call, said = self.leave_message("1")
        self.assertEqual(self.until(call, "sent"), ("sent", 0, None, None))
        (sender, recipients, message), = server.mails
        self.assertIn("<centrala@example.org>", sender)
        self.assertEqual([recipient.split()[0] + recipient.split(":")[1] for recipient in recipients], ["RCPT<biuro@example.org>"])
        self.assertEqual(message["Subject"], f"Wiadomość głosowa od {call.number} – Infolinia „Łąka i Źródło”")
        text = message.get_body().get_content()
        for words in (f"Numer: {call.number}", "Skrzynka: listowa", "(Europe/Warsaw)", "Długość: 0:0"):
            self.assertIn(words, text)
        attachment, = message.iter_attachments()
        self.assertEqual(attachment.get_content_type(), "audio/mpeg")
        self.assert_hears("the mail", said, sound_of(attachment.get_content()))
        log = self.server.program.output()
        self.assertIn("post.sent", log)
        self.assertNotIn("biuro@", log)

    def test_web(self):
        """A message is posted to a system on the web with JSON and sound; an error there is tried again later"""
        receiver = Receiver(WEB)
        self.addCleanup(receiver.close)
        call, said = self.leave_message("2")
        self.until(call, "sent")
        (path, headers, parts), = receiver.forms
        self.assertEqual(path, "/przyjmij?klucz=tajne")
        name, content = parts["sound"]
        told = json.loads(parts["message"][1])
        self.assertEqual((told["number"], told["mailbox"], told["sound"]), (call.number, "sieciowa", True))
        self.assertEqual((headers["Idempotency-Key"], name), (told["id"], told["id"] + ".mp3"))
        self.assertRegex(told["at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$")
        self.assert_hears("the system", said, sound_of(content))
        receiver.statuses.append(503)
        call, _ = self.leave_message("2")
        eventually(lambda: self.delivery(call) == ("waiting", 1, "status", 503), 30, "the error to be written down")
        self.assertNotIn("tajne", self.server.program.output())

    def test_refused(self):
        """A recipient whom the mail server does not know is given up at once; a mail server that is away is tried again"""
        server = self.serve_mail()
        server.recipient = "550 no such user"
        call, _ = self.leave_message("1")
        self.assertEqual(self.until(call, "failed"), ("failed", 1, "refused", 550))
        self.assertEqual(server.mails, [])
        server.close()
        call, _ = self.leave_message("1")
        eventually(lambda: self.delivery(call) == ("waiting", 1, "unreachable", None), 30, "the try to be written down")

    def test_power_cut(self):
        """A server that is killed while it sends has sent the message after its next start, under the same name"""
        server = self.serve_mail()
        server.holds.set()
        call, said = self.leave_message("1")
        self.assertTrue(server.arrived.wait(30), "the letter was being sent")
        self.server.kill()
        server.holds.clear()
        self.server.start()
        self.until(call, "sent")
        (_, _, message), = server.mails
        (name,), = self.store.rows("SELECT id FROM followUp WHERE number = ?", call.number)
        self.assertEqual(message["Message-ID"], f"<{name}@example.org>")
        attachment, = message.iter_attachments()
        self.assert_hears("the mail", said, sound_of(attachment.get_content()))
