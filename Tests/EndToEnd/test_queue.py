"""The ways through a queue that do not lead to a consultant, and what those who wait are told."""

from harness import ears
from harness.shared import SharedServerTest

NOBODY = "Nikogo nie ma przy biurku, zapraszamy jutro rano."
FULL = "Kolejka jest pełna, prosimy zadzwonić za kwadrans."
TIMEOUT = "Czekanie trwało zbyt długo, przepraszamy za kłopot."
AHEAD = [
    "Jesteś następną osobą w kolejce.", "Przed Tobą w kolejce jest jedna osoba.", "Przed Tobą w kolejce są dwie osoby.",
    "Przed Tobą w kolejce są trzy osoby.", "Przed Tobą w kolejce są cztery osoby.", "Przed Tobą w kolejce jest pięć osób."]


class Queue(SharedServerTest):
    limit = 120
    server_options = {"hotlines": ("kolejka",)}
    hotline = "8004"

    def test_exits_and_positions(self):
        """nobody, full and timeout lead where the hotline says; those who wait hear their place in the right plural form"""
        telephone, call = self.dial()
        self.hears(telephone, NOBODY)
        call.ended_by_server()
        self.assertEqual(self.outcome(call), "refused-nobody")

        consultant = self.consultant()
        consultant.tab.click("#break")
        consultant.until_state("break")
        waiting = [self.dial() for _ in AHEAD]
        last, last_call = self.dial()
        self.hears(last, FULL)
        last_call.ended_by_server()
        self.assertEqual(self.outcome(last_call), "refused-full")
        for place, (telephone, _) in enumerate(waiting):
            self.hears(telephone, AHEAD[place], timeout=6)
        for place, (telephone, _) in enumerate(waiting):
            self.told_only(AHEAD[place], telephone)
        first, first_call = waiting[0]
        self.hears(first, TIMEOUT, timeout=25)
        first_call.ended_by_server()
        self.assertEqual(self.outcome(first_call), "timed-out")
        for _, call in waiting[1:]:
            call.ended_by_server(15)

    def told_only(self, right, telephone):
        """Of all the announcements the right one fits best."""
        heard = telephone.heard()
        fits = {text: ears.find(self.server.spoken(text), heard)[1] for text in AHEAD}
        self.assertEqual(max(fits, key=fits.get), right, fits)
        self.assertLess(sorted(fits.values())[-2], 0.95, fits)

    def outcome(self, call):
        self.store.ended(call.number)
        return [detail["outcome"] for kind, detail in self.store.facts(call.number) if kind == "queueOutcome"][-1]
