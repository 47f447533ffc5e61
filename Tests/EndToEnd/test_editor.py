"""A hotline edited in the browser: findings while typing, tests, publishing, history, conflicts; all of it by keyboard."""

import os
import signal

from harness.editor import EditorPage
from harness.programs import eventually
from harness.shared import SharedServerTest

FIRST = "Dzień dobry, to jest pierwsza wersja infolinii."
SECOND = "Dobry wieczór, teraz słychać drugą wersję infolinii."


class Editor(SharedServerTest):
    limit = 150
    server_options = {"hotlines": ("edytor", "krotka")}
    hotline = "8009"

    def editor(self):
        page = EditorPage(self.browser(), self.server)
        self._pages.append(page)
        page.open("edytor.yaml")
        return page

    @property
    def file(self):
        return self.server.folder / "hotlines/edytor.yaml"

    def test_publish_and_roll_back(self):
        """A mistake is marked at its line while it is typed; mended, tested and published by keyboard alone, callers hear the
        new version; a former one comes back; a file that was changed on disk meanwhile is shown, never overwritten"""
        page, original = self.editor(), self.file.read_text(encoding="utf-8")
        page.until_checked("clean")
        self.assertEqual(page.text, original)
        eventually(lambda: page.steps() == ["powitanie", "wybor", "koniec"], 20, "the picture")

        page.go_to("then: wybor")
        page.type("x")
        page.until_checked("errors")
        self.assertEqual(page.marked_lines(), [19])
        self.assertIn("E010", page.findings()[0])
        self.assertIn("E010", page.tab.run("document.querySelector('#under-cursor').textContent"), "the finding under the cursor")
        page.go_to("hotline: 1")
        page.press("F8")
        self.assertEqual(page.tab.run("document.querySelector('.CodeMirror').CodeMirror.getCursor().line"), 18, "F8 leads there")
        page.go_to("then: wyborx")
        page.backspace(1)
        page.go_to(FIRST)
        page.backspace(len(FIRST))
        page.type(SECOND)
        page.until_checked("clean")
        self.assertEqual(page.marked_lines(), [])

        # In the picture Tab goes from step to step, and Enter to the step's line.
        page.tab_until("step-wybor")
        page.press("Enter")
        self.assertEqual(page.focus, "code")
        self.assertEqual(page.tab.run("document.querySelector('.CodeMirror').CodeMirror.getCursor().line"), 19)

        # Tab is no trap: from the text to the tests, back to the note, to the button.
        page.tab_until("tab-picture")
        page.press("ArrowRight")
        self.assertEqual(page.focus, "tab-tests")
        page.tab_until("run-tests", 2)
        page.press("Enter")
        page.tab.until("document.querySelector('#tests-verdict').dataset.state === 'clean'", 10, "the tests to pass")
        page.tab_until("note", 20, "shift")
        page.type("nowe powitanie")
        page.tab_until("publish", 1)
        page.press("Enter")
        page.until_outcome("Opublikowano")
        self.assertEqual(page.focus, "outcome")
        self.assertIn(SECOND, self.file.read_text(encoding="utf-8"))
        page.until_versions(2)
        self.assertIn("admin", page.versions()[0])
        self.assertIn("nowe powitanie", page.versions()[0])

        telephone, call = self.dial()
        mark = self.hears(telephone, SECOND)
        self.hears(telephone, "Aby się pożegnać, naciśnij jeden.", mark - 0.5)
        call.hang_up()
        self.store.ended(call.number)
        page.tab.click("#tab-picture")
        page.tab.click("#traffic")
        counts = "[...document.querySelector('#picture').shadowRoot.querySelectorAll('.step')].map(s => s.getAttribute('aria-label'))"
        page.tab.until(f"{counts}.some(label => label.includes('wejścia: 1, rozłączenia: 1'))", 10, "the call to colour the picture")

        page.tab.click("#tab-versions")
        page.tab.click("[data-testid=version]:nth-child(2) button:nth-child(2)")
        page.until_outcome("wersji 1")
        self.assertEqual(page.focus, "publish")
        self.assertEqual(page.text, original)
        page.press("Enter")
        page.until_versions(3)
        self.assertEqual(self.file.read_text(encoding="utf-8"), original)
        self.assertIn("Powrót do wersji 1", page.versions()[0])

        theirs = original.replace("Do usłyszenia.", "Do widzenia.")
        self.file.write_text(theirs, encoding="utf-8")
        page.go_to("pierwsza")
        page.type(" i jedyna")
        page.until_checked("clean")
        page.tab.click("#publish")
        page.tab.wait_for("#conflict")
        self.assertEqual(page.focus, "conflict")
        self.assertEqual(self.file.read_text(encoding="utf-8"), theirs, "nothing is overwritten")
        self.assertIn("Do widzenia.", page.tab.run("document.querySelector('#conflict-lines').textContent"))
        page.tab_until("take-theirs", 3)
        page.press("Enter")
        page.tab.until("document.querySelector('#conflict').hidden", 5, "the conflict to be settled")
        self.assertEqual(page.text, theirs)
        page.press("s", "ctrl")
        self.assertEqual(page.focus, "note")

        # Opened anew, it says that the file is not what callers hear; publishing it as it is mends that.
        page.open("edytor.yaml")
        page.tab.wait_for("#not-served")
        page.tab.click("#publish")
        page.until_versions(4)
        self.assertFalse(page.tab.visible("#not-served"))
        self.assertEqual(page.tab.errors(), [])

    def rows(self, page, table="hotlines"):
        """The list's rows as a person reads them, once it is loaded anew."""
        page.tab.go(f"{self.server.web}/hotlines")
        return page.tab.run(f"[...document.querySelectorAll('[data-testid={table}] tbody tr')].map(row => row.innerText)")

    def test_make_and_delete(self):
        """By keyboard alone: a hotline is made, callers reach it at once, the list tells how many calls each version has; it is
        deleted with a reason, its calls go on, and it is brought back"""
        page = self.editor()
        page.tab.go(f"{self.server.web}/hotlines")
        page.tab_until("name")
        page.type("nowa")
        page.tab_until("number", 1)
        page.type("8310")
        page.tab_until("model", 1)
        page.press("ArrowDown")
        self.assertEqual(page.tab.run("document.querySelector('#model').value"), "edytor.yaml")
        page.tab_until("make", 3)
        page.press("Enter")
        page.tab.until("location.pathname === '/hotlines/nowa.yaml' && document.readyState === 'complete'", 10, "the editor of the new file")
        page.until_checked("clean")
        file = self.server.folder / "hotlines/nowa.yaml"
        self.assertIn("8310", file.read_text(encoding="utf-8"))
        telephone, call = self.dial(hotline="8310")
        eventually(lambda: any("nowa.yaml\t1\t" in row and "\t1\t" in row.split("admin")[1] for row in self.rows(page)), 10, "the call to be counted")

        # Another version: the call stays on its own.
        file.write_text(file.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
        os.kill(self.server.program.process.pid, signal.SIGHUP)
        eventually(lambda: any("nowa.yaml\t2\t" in row and "1 (wersja 1: 1)" in row for row in self.rows(page)), 10, "two versions")

        page.tab.run("document.querySelector('[data-file=\"nowa.yaml\"] [data-testid=delete]').focus()")
        page.press("Enter")
        page.tab.until("location.pathname === '/hotlines/nowa.yaml/delete' && document.readyState === 'complete'", 10, "to be asked")
        self.assertEqual(page.focus, "reason")
        page.type("tylko na próbę")
        page.tab_until("delete", 1)
        page.press("Enter")
        page.tab.until("location.pathname === '/hotlines' && document.readyState === 'complete'", 10, "the list")
        self.assertFalse(file.exists())
        self.assertFalse([row for row in self.rows(page) if "nowa.yaml" in row])
        deleted = self.rows(page, "deleted")
        self.assertTrue("admin" in deleted[0] and "tylko na próbę" in deleted[0] and "wersja 1: 1" in deleted[0], deleted)
        self.hears(telephone, "Aby się pożegnać, naciśnij jeden.")
        call.hang_up()
        self.store.ended(call.number)

        page.tab.run("document.querySelector('[data-testid=deleted] button').focus()")
        page.press("Enter")
        eventually(lambda: any("nowa.yaml\t4\t" in row for row in self.rows(page)), 10, "the hotline to be back")
        self.assertEqual(self.rows(page, "deleted"), [])
        self.assertEqual(page.tab.errors(), [])

    def test_findings_elsewhere(self):
        """A number of another hotline, and a text with errors, are refused; the file stays as it is"""
        page, original = self.editor(), self.file.read_text(encoding="utf-8")
        page.until_checked("clean")
        page.go_to('numbers: ["8009')
        page.backspace(1)
        page.type("3")
        page.until_checked("errors")
        self.assertIn("E071", page.findings()[0])
        page.tab.click("#publish")
        page.until_outcome("Nie opublikowano")
        self.assertEqual(self.file.read_text(encoding="utf-8"), original)
        # Leaving would lose what was typed: the browser asks.
        self.assertTrue(page.tab.run("!dispatchEvent(new Event('beforeunload', { cancelable: true }))"))
