"""The editor of a hotline, as an administrator uses it: by keyboard where a person would."""

import json

from .pages import Page

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "F8": 119, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40}
CODE = "document.querySelector('.CodeMirror').CodeMirror"


class EditorPage(Page):
    """One hotline file in the editor. `open` begins; the account is asked to log in first."""

    def __init__(self, browser, server):
        super().__init__(browser, server, "/login")
        self.log_in("admin")

    def open(self, file):
        self.tab.go(f"{self.server.web}/hotlines/{file}")
        self.until_checked()

    def until_checked(self, state=None, timeout=20):
        """Waits until the checker has said something: clean, warnings or errors."""
        wanted = f"=== '{state}'" if state else "!== undefined"
        self.tab.until(f"document.querySelector('#verdict').dataset.state {wanted}", timeout, f"the verdict {state or ''}")

    @property
    def text(self):
        return self.tab.run(f"{CODE}.getValue()")

    def go_to(self, words):
        """Sets the cursor behind these words."""
        self.tab.run(f"""(() => {{ const code = {CODE}, place = code.getValue().indexOf({json.dumps(words)});
            if (place < 0) throw new Error('not in the text');
            code.focus(); code.setCursor(code.posFromIndex(place + {len(words)})); }})()""")

    def type(self, words):
        self.tab.command("Input.insertText", text=words)

    def press(self, key, *modifiers):
        """One key, as the keyboard sends it; `modifiers` are ctrl or shift."""
        bits = sum({"ctrl": 2, "shift": 8}[modifier] for modifier in modifiers)
        code = KEYS.get(key, ord(key.upper()[0]))
        named = {"key": key, "windowsVirtualKeyCode": code, "modifiers": bits}
        text = {"text": "\r"} if key == "Enter" else {}
        self.tab.command("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **named, **text)
        self.tab.command("Input.dispatchKeyEvent", type="keyUp", **named)

    def backspace(self, count):
        for _ in range(count):
            for kind in ("rawKeyDown", "keyUp"):
                self.tab.command("Input.dispatchKeyEvent", type=kind, key="Backspace", windowsVirtualKeyCode=8)

    @property
    def focus(self):
        """The id of what has the focus, or its class; within the picture the step's."""
        return self.tab.run("""(() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            return e.closest('.CodeMirror') ? 'code' : e.id || e.className; })()""")

    def tab_until(self, wanted, most=60, *modifiers):
        """Presses Tab until this has the focus; returns what had it on the way."""
        way = []
        for _ in range(most):
            self.press("Tab", *modifiers)
            way.append(self.focus)
            if way[-1] == wanted:
                return way
        raise AssertionError(f"Tab does not reach {wanted}: {way}")

    def findings(self):
        return self.tab.run("[...document.querySelectorAll('#findings .finding')].map(one => one.textContent)")

    def marked_lines(self):
        """Numbers of the lines that bear a mark in the margin."""
        return self.tab.run(f"""(() => {{ const lines = []; {CODE}.eachLine(line => {{
            if (line.gutterMarkers?.['CodeMirror-lint-markers']) lines.push({CODE}.getLineNumber(line) + 1); }}); return lines; }})()""")

    @property
    def outcome(self):
        return self.tab.run("document.querySelector('#outcome').hidden ? '' : document.querySelector('#outcome').textContent")

    def until_outcome(self, words, timeout=20):
        self.tab.until(
            f"!document.querySelector('#outcome').hidden && document.querySelector('#outcome').textContent.includes({json.dumps(words)})",
            timeout, f"to be told '{words}'")

    def versions(self):
        """Rows of the history, the newest first."""
        return self.tab.run("[...document.querySelectorAll('[data-testid=version]')].map(row => row.textContent)")

    def until_versions(self, count):
        self.tab.until(f"document.querySelectorAll('[data-testid=version]').length === {count}", 10, f"{count} versions")

    def steps(self):
        """Names of the steps in the picture."""
        return self.tab.run("""[...document.querySelector('#picture').shadowRoot.querySelectorAll('.step')].map(
            step => step.id.replace(/^step-/, ''))""")
