"""A mail server and a receiver on the web: what was sent to them, and how they answer."""

import email
import email.policy
import http.server
import io
import socketserver
import threading

import soundfile

from . import ears


def sound_of(data):
    """A sound file's left side (the caller) at 8 kHz."""
    samples, rate = soundfile.read(io.BytesIO(data), always_2d=True, dtype="float32")
    return ears.resampled(samples[:, 0], rate)


class MailServer(socketserver.ThreadingTCPServer):
    """Just enough of RFC 5321 on loopback. `mails` are (sender, recipients, message); `recipient` is the reply to RCPT; while
    `holds` is set, letters are read and not answered."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), _Session)
        self.mails, self.recipient, self.holds = [], "250 good", threading.Event()
        self.arrived = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        sender, recipients = None, []
        self._say("220 test")
        for line in self.rfile:
            word = line.decode("ascii", "replace").strip()
            verb = word[:4].upper()
            if verb in ("EHLO", "HELO"):
                self._say("250-test\r\n250 8BITMIME")
            elif verb == "MAIL":
                sender, recipients = word, []
                self._say("250 good")
            elif verb == "RCPT":
                recipients.append(word)
                self._say(self.server.recipient)
            elif verb == "DATA":
                self._say("354 go on")
                message = email.message_from_bytes(self._text(), policy=email.policy.default)
                self.server.arrived.set()
                if self.server.holds.is_set():
                    self.rfile.read()
                    return
                self.server.mails.append((sender, recipients, message))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not known")

    def _text(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps every form that is posted: (path, headers, {name: (file name, content)}); answers with the `statuses` in turn, then
    with 200."""

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), _Form)
        self.forms, self.statuses = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class _Form(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        parts = {
            part.get_param("name", header="content-disposition"): (part.get_filename(), part.get_payload(decode=True))
            for part in form.iter_parts()}
        self.server.forms.append((self.path, self.headers, parts))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
