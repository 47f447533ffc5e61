"""Headless Chromium by its DevTools protocol (https://chromedevtools.github.io/devtools-protocol/), with ears and a voice.

The microphone is a WAV file. Every RTCPeerConnection that a page makes is noted, so that a test can record what arrives on
it and read its statistics; the page's own scripts and its Content-Security-Policy stay as they are.
"""

import base64
import itertools
import json
import pathlib
import shutil
import tempfile
import threading
import time

import numpy
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from . import ears
from .programs import Program

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--remote-debugging-port=0", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding", "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--lang=en", "--window-size=1280,900",
]

# Runs in each page before its own scripts.
NOTES = """
(() => {
  const test = window.centralaTest = { connections: [], tracks: [], errors: [] };
  addEventListener('error', event => test.errors.push(String(event.message)));
  addEventListener('unhandledrejection', event => test.errors.push(String(event.reason)));
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...options) {
      super(...options);
      test.connections.push(this);
      this.addEventListener('track', event => test.tracks.push(event.track));
    }
  };
  test.listen = () => {
    const live = test.tracks.filter(track => track.kind === 'audio' && track.readyState === 'live');
    const reader = new MediaStreamTrackProcessor({ track: live.at(-1), maxBufferSize: 3000 }).readable.getReader();
    // The rate of what is heard changes with the codec.
    const heard = test.recording = { reader, runs: [] };
    (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const piece = new Float32Array(value.numberOfFrames);
        value.copyTo(piece, { planeIndex: 0, format: 'f32-planar' });
        if (heard.runs.at(-1)?.rate !== value.sampleRate) heard.runs.push({ rate: value.sampleRate, pieces: [] });
        heard.runs.at(-1).pieces.push(Int16Array.from(piece, x => Math.max(-1, Math.min(1, x)) * 32767));
        value.close();
      }
    })();
  };
  test.heard = async () => {
    await test.recording.reader.cancel();
    return Promise.all(test.recording.runs.map(async ({ rate, pieces }) => {
      const octets = new Uint8Array(await new Blob(pieces).arrayBuffer());
      let text = '';
      for (let i = 0; i < octets.length; i += 32768) text += String.fromCharCode(...octets.subarray(i, i + 32768));
      return { rate, sound: btoa(text) };
    }));
  };
})();
"""


class Chromium:
    """One browser process with its own profile. `page(url)` opens a tab."""

    def __init__(self, log, microphone=None, binary="/usr/bin/chromium"):
        self._profile = tempfile.mkdtemp(prefix="centrala-chromium-")
        flags = FLAGS + [f"--user-data-dir={self._profile}"]
        if microphone:
            flags.append(f"--use-file-for-fake-audio-capture={pathlib.Path(microphone).resolve()}")
        self.program = Program([binary, *flags, "about:blank"], log)
        address = self.program.wait_for(r"DevTools listening on (ws://\S+)", 30)[1]
        self._connection = connect(address, max_size=None, open_timeout=10)
        self._numbers = itertools.count(1)
        self._answers, self._gone, self._changed = {}, False, threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def command(self, method, session=None, timeout=30.0, **parameters):
        """One DevTools command and its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._connection.send(json.dumps(message))
        with self._changed:
            self._changed.wait_for(lambda: number in self._answers or self._gone, timeout)
            answer = self._answers.pop(number, None)
        if answer is None:
            why = "is gone" if self._gone else f"did not answer within {timeout} s"
            raise AssertionError(f"{method}: the browser {why}")
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def page(self, url):
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        page.command("Page.enable")
        page.command("Runtime.enable")
        page.command("Page.addScriptToEvaluateOnNewDocument", source=NOTES)
        page.go(url)
        return page

    def close(self):
        try:
            self.command("Browser.close", timeout=5)
            self.program.wait(5)
        except Exception:
            self.program.kill()
        self._connection.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _read(self):
        try:
            for text in self._connection:
                message = json.loads(text)
                if "id" in message:
                    with self._changed:
                        self._answers[message["id"]] = message
                        self._changed.notify_all()
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                self._gone = True
                self._changed.notify_all()


class Page:
    """One tab."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target

    def command(self, method, **parameters):
        return self.browser.command(method, self.session, **parameters)

    def go(self, url):
        self.command("Page.navigate", url=url)
        self.loaded()

    def reload(self):
        self.run("window.centralaTest.old = true")
        self.command("Page.reload")
        self.until("!window.centralaTest?.old && document.readyState === 'complete'", 20)

    def loaded(self):
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'", 20)

    def run(self, script, timeout=30.0):
        """The value of a JavaScript expression; promises are waited for."""
        result = self.command(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True, timeout=timeout)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def until(self, script, timeout, what=None):
        """Waits until the expression is true, and returns its value. Survives the page being replaced meanwhile."""
        limit = time.monotonic() + timeout
        while True:
            try:
                value = self.run(script)
                if value:
                    return value
                last = value
            except AssertionError as error:
                last = error
            if time.monotonic() > limit:
                raise AssertionError(f"not within {timeout} s: {what or script} (last: {last})\n{self.text()[:1500]}")
            time.sleep(0.1)

    def text(self):
        """What a person reads on the page now."""
        try:
            return self.run("location.pathname + '\\n' + document.body.innerText") or ""
        except AssertionError as error:
            return str(error)

    def visible(self, selector):
        return self.run(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            return !!e && e.checkVisibility() && !e.disabled; }})()""")

    def wait_for(self, selector, timeout=15.0):
        """Waits until the element can be seen and used."""
        self.until(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            return !!e && e.checkVisibility() && !e.disabled; }})()""", timeout, f"{selector} to be seen")

    def click(self, selector, timeout=15.0):
        """Clicks with the mouse, where a person would."""
        self.wait_for(selector, timeout)
        x, y = self.run(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const r = e.getBoundingClientRect();
            return [r.x + r.width / 2, r.y + r.height / 2]; }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def fill(self, selector, text):
        """Types into a field."""
        self.wait_for(selector)
        self.run(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.focus(); e.select?.(); }})()")
        self.command("Input.insertText", text=text)

    def choose_file(self, selector, *paths):
        """Puts files into a file field, as the system's dialogue would."""
        self.wait_for(selector)
        field = self.command("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")["result"]
        self.command("DOM.setFileInputFiles", files=[str(pathlib.Path(path).resolve()) for path in paths], objectId=field["objectId"])

    def listen(self, timeout=15.0):
        """Begins to record what arrives on the newest connection."""
        self.until("window.centralaTest.tracks.some(t => t.kind === 'audio' && t.readyState === 'live')", timeout)
        self.run("window.centralaTest.listen()")

    def heard(self):
        """Ends the recording: samples at 8 kHz."""
        runs = self.run("window.centralaTest.heard()", timeout=60)
        return numpy.concatenate([numpy.zeros(0, dtype=numpy.float32), *(
            ears.resampled(
                numpy.frombuffer(base64.b64decode(run["sound"]), dtype="<i2").astype(numpy.float32) / 32768, run["rate"])
            for run in runs)])

    def errors(self):
        """Errors that the page's scripts did not catch."""
        return self.run("window.centralaTest.errors")

    def screenshot(self, path):
        picture = self.command("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(picture))
