"""The pages as people use them: what they click and read."""

import base64
import json

from .programs import eventually
from .server import NEW_PASSWORD

# `raw` leaves the microphone as it is: the browser's noise suppression would change the speech beyond recognition.
CONSULTANT, CALL = "/consultant?raw=1", "/call?raw=1"


class Page:
    """One tab on one page of the server."""

    def __init__(self, browser, server, path):
        self.browser, self.server = browser, server
        self.tab = browser.page(server.web + path)

    def pause(self, seconds):
        """Lets the page go on for a while."""
        self.tab.run(f"new Promise(done => setTimeout(done, {int(seconds * 1000)}))", timeout=seconds + 30)

    def log_in(self, account):
        """With the one-time password, which has to be changed, or the changed one; ends on the page first asked for."""
        tab, old = self.tab, self.server.passwords[account]
        tab.fill("#username", account)
        tab.fill("#password", old)
        tab.click("#login")
        tab.until("location.pathname !== '/login' && document.readyState === 'complete'", 15, "to be logged in")
        if old == NEW_PASSWORD:
            return
        tab.until("location.pathname === '/password'", 5, "to be asked for a new password")
        tab.fill("#current", old)
        tab.fill("#new", NEW_PASSWORD)
        tab.fill("#again", NEW_PASSWORD)
        tab.click("#change")
        tab.until("location.pathname !== '/password' && document.readyState === 'complete'", 15, "the password to change")
        self.server.passwords[account] = NEW_PASSWORD


class ConsultantPage(Page):
    """The consultant's telephone in the browser."""

    def __init__(self, browser, server):
        super().__init__(browser, server, "/login")

    def log_in(self, account):
        super().log_in(account)
        self.tab.go(self.server.web + CONSULTANT)

    @property
    def state(self):
        """offline, ready, offered, talking, hold, wrap-up, break or lost."""
        return self.tab.run("document.querySelector('#state-card')?.dataset.state")

    def until_state(self, *states, timeout=15):
        wanted = json.dumps(states)
        self.tab.until(
            f"{wanted}.includes(document.querySelector('#state-card')?.dataset.state)", timeout, f"state {' or '.join(states)}")

    def go_ready(self):
        self.tab.click("#ready")
        self.until_state("ready", "offered", timeout=20)

    def until_offered(self, caller, timeout=20):
        """Waits for an incoming call that shows this caller."""
        self.tab.wait_for("#answer", timeout)
        self.tab.until(f"{_digits('#offer-caller')}.includes({json.dumps(caller[-9:])})", 5, f"the offer to show {caller}")

    def answer(self):
        self.tab.click("#answer")
        self.until_state("talking")

    def reject(self):
        self.tab.click("#reject")

    def hold(self):
        self.tab.click("#hold")
        self.until_state("hold")

    def resume(self):
        self.tab.click("#hold")
        self.until_state("talking")

    def mute(self):
        self.tab.click("#mute")

    def hang_up(self):
        self.tab.click("#hangup")

    def finish(self):
        """Ends wrap-up early."""
        self.tab.click("#finish")
        self.until_state("ready")

    @property
    def caller(self):
        """The digits of the number of the caller in talk."""
        return self.tab.run(_digits("#call-caller"))

    def press(self, keys):
        """Sends keys to the caller by the key pad."""
        self.tab.click("#keys")
        for key in keys:
            self.tab.click(f'[data-testid="key-{key}"]')
        self.tab.click("#keys")

    @property
    def sends(self):
        """The codec that the page sends now, such as audio/opus; None before the first packet."""
        return self._codec("outbound-rtp")

    @property
    def hears(self):
        """The codec that the page was sent last."""
        return self._codec("inbound-rtp")

    def _codec(self, direction):
        return self.tab.run(f"""(async () => {{
            const stats = await centralaTest.connections.at(-1).getStats();
            const stream = [...stats.values()].find(report => report.type === '{direction}');
            return stats.get(stream?.codecId)?.mimeType ?? null;
        }})()""")

    def until_sends(self, codec, timeout=5):
        eventually(lambda: self.sends == codec, timeout, f"the page to send {codec}")

    def until_hears(self, codec, timeout=5):
        eventually(lambda: self.hears == codec, timeout, f"the page to be sent {codec}")

    @property
    def shows_recording(self):
        return self.tab.visible("#recording")


class CallerPage(Page):
    """The page "call from this browser"."""

    def __init__(self, browser, server):
        super().__init__(browser, server, CALL)

    def dial(self, number):
        self.tab.fill("#number", number)
        self.tab.click("#dial-button")
        self.tab.wait_for("#hangup", 20)

    def press(self, key):
        """Clicks a key of the key pad."""
        self.tab.click(f'[data-testid="key-{key}"]')

    def hang_up(self):
        self.tab.click("#hangup")


class SupervisorPage(Page):
    """The list of contacts and their recordings."""

    def __init__(self, browser, server):
        super().__init__(browser, server, "/recordings")

    def contacts(self, number=""):
        """Rows of the list: dictionaries with id, text and whether there is a recording."""
        self.tab.go(f"{self.server.web}/recordings?number={number.replace('+', '%2B')}")
        return self.tab.run("""[...document.querySelectorAll('[data-testid=contact]')].map(row => ({
            id: row.dataset.contact, text: row.innerText, recorded: !!row.querySelector('[data-testid=wav]') }))""")

    def story(self, contact):
        """What the page of one contact says, as text."""
        self.tab.go(f"{self.server.web}/contacts/{contact}")
        return self.tab.text()

    def download(self, contact, kind, path):
        """The file behind the download link, fetched with the page's own log-in."""
        self.tab.go(f"{self.server.web}/contacts/{contact}")
        octets = self.tab.run(f"""(async () => {{
            const answer = await fetch(document.querySelector('[data-testid={kind}]').href);
            if (!answer.ok) throw new Error('status ' + answer.status);
            const octets = new Uint8Array(await answer.arrayBuffer());
            let text = '';
            for (let i = 0; i < octets.length; i += 32768) text += String.fromCharCode(...octets.subarray(i, i + 32768));
            return btoa(text);
        }})()""", timeout=60)
        path.write_bytes(base64.b64decode(octets))
        return path


class PromptsPage(Page):
    """The prompts studio of an administrator."""

    def __init__(self, browser, server):
        super().__init__(browser, server, "/prompts")

    def states(self, show=""):
        """Prompts of the list by (name, language): recorded, spoken or missing."""
        self.tab.go(f"{self.server.web}/prompts?show={show}")
        rows = self.tab.run("""[...document.querySelectorAll('[data-testid=prompt]')].map(row =>
            [row.dataset.prompt, row.dataset.language, row.dataset.state])""")
        return {(name, language): state for name, language, state in rows}

    def open(self, hotline, prompt, language):
        self.tab.go(f"{self.server.web}/prompts/prompt?hotline={hotline}&prompt={prompt}&language={language}")

    def send(self, path):
        """Sends a file: the number of the take that was made of it, or the sentence that refuses it."""
        self.tab.choose_file("#file", path)
        self.tab.click("#send")
        return self._outcome()

    def record(self, seconds, start="document.querySelector('#record').click()"):
        """Records from the browser's microphone; the same."""
        self.tab.run(start)
        self.tab.until("document.querySelector('#record').ariaPressed === 'true'", 20, "to record")
        self.pause(seconds)
        self.tab.run(start)
        return self._outcome()

    def _outcome(self):
        self.tab.until(
            "new URLSearchParams(location.search).has('take') && document.readyState === 'complete' "
            "|| !document.querySelector('#problem')?.hidden", 60, "the recording to be taken or refused")
        return self.tab.run("""document.querySelector('#problem').hidden
            ? Number(new URLSearchParams(location.search).get('take')) : document.querySelector('#problem').innerText""")

    def sound(self, selector, path):
        """What a player on the page plays: the file, fetched with the page's own log-in."""
        octets = self.tab.run(f"""(async () => {{
            const answer = await fetch(document.querySelector({json.dumps(selector)}).src);
            if (!answer.ok) throw new Error('status ' + answer.status);
            const reader = new FileReader();
            const whole = new Promise(done => {{ reader.onload = done; }});
            reader.readAsDataURL(await answer.blob());
            await whole;
            return reader.result.split(',')[1];
        }})()""", timeout=60)
        path.write_bytes(base64.b64decode(octets))
        return path

    def use(self, take):
        """Lets callers hear a take."""
        self.tab.click(f"#take-{take} [data-testid=use]")
        self.tab.until(f"document.querySelector('#take-{take}')?.dataset.current === 'true'", 30, "the take to be in use")

    def send_all(self, paths):
        """Sends files named as in the script, from the list; a line about each."""
        self.tab.go(f"{self.server.web}/prompts")
        self.tab.choose_file("#files", *paths)
        self.tab.click("#send")
        self.tab.until(f"document.querySelectorAll('#sent li').length === {len(paths)}", 60, "a line for each file")
        return self.tab.run("[...document.querySelectorAll('#sent li')].map(line => line.innerText)")

    def use_all(self):
        self.tab.click("#use")
        self.tab.until("location.search === '?show=recorded' && document.readyState === 'complete'", 30, "all to be in use")

    def open_phone(self):
        """The page "Record by telephone"."""
        self.tab.go(f"{self.server.web}/prompts/phone")

    def set_pin(self, pin):
        """Sets a PIN there: the sentence that refuses it, or nothing."""
        for field, text in (("#pin", pin), ("#again", pin), ("#current", NEW_PASSWORD)):
            self.tab.fill(field, text)
        self.tab.run("document.querySelectorAll('[data-testid=notice],[data-testid=problem]').forEach(old => old.remove())")
        self.tab.click("#set")
        self.tab.until(
            "document.readyState === 'complete' && !!document.querySelector('[data-testid=notice],[data-testid=problem]')", 20,
            "the PIN to be set or refused")
        return self.tab.run("document.querySelector('[data-testid=problem]')?.innerText ?? ''")

    @property
    def own_number(self):
        """By which the telephone knows the account."""
        return self.tab.run("document.querySelector('[data-testid=own-number]').innerText.trim()")

    def stop_using(self):
        self.tab.click("[data-testid=stop] summary")
        self.tab.click("[data-testid=stop] button")
        self.tab.until("!document.querySelector('[data-testid=take][data-current]')", 30, "no take to be in use")


def _digits(selector):
    return f"(document.querySelector({json.dumps(selector)})?.textContent ?? '').replace(/\\D/g, '')"
