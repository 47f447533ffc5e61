"""A caller comes first to the consultant who last spoke with that caller."""

from harness.programs import eventually
from harness.script import Script, description
from harness.shared import SharedServerTest


class Familiar(SharedServerTest):
    limit = 120
    server_options = {"hotlines": ("znajomi",)}
    hotline = "8010"

    def call_from(self, number):
        telephone = self.telephone()
        call = self.play(Script().call(description(telephone.port)).until_bye(), caller=number)
        telephone.connect(call.answered())
        return call

    def test_the_one_who_knows_the_caller(self):
        """The second call of a number rings where the first was answered, though the rule would ask somebody else"""
        known, stranger = self.number(), self.number()
        second = self.consultant("konsultant2")
        call = self.call_from(known)
        second.until_offered(known)
        second.answer()
        eventually(lambda: self.store.moments(known, "connected"), 10, "the talk to be written down")
        second.hang_up()
        call.ended_by_server()
        second.until_state("ready")

        first = self.consultant("konsultant")
        again = self.call_from(known)
        second.until_offered(known)
        offered = eventually(
            lambda: [detail for kind, detail in self.store.facts(known) if kind == "offered" and "familiar" in detail], 10,
            "the offer to be written down")
        self.assertEqual(offered[-1]["familiar"], "yes")
        self.assertEqual(offered[-1]["later"], "Konsultant")
        other = self.call_from(stranger)
        first.until_offered(stranger)
        for call in (again, other):
            call.hang_up()
