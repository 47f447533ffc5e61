"""A network that loses packets between the server and a consultant's page."""

from harness import voice
from harness.case import EndToEndTest
from harness.loss import Loss
from harness.server import Server

CALLER = "+48600100203"


class LossyPage(EndToEndTest):
    limit = 180

    def start_server(self):
        self.network = Loss(self.folder)
        server = Server(
            self.folder / "server", hotlines=("kolejka",), environment=self.network.environment).start()
        self.addCleanup(server.stop)
        return server

    def test_opus_while_packets_are_lost(self):
        """The page gets A-law while nothing is lost, Opus while packets are, A-law again; and hears the caller throughout"""
        consultant = self.consultant()
        telephone, call = self.caller(CALLER, hotline="8004")
        telephone.say(self.speech(voice.CALLER))
        consultant.until_offered(CALLER)
        consultant.answer()
        consultant.until_hears("audio/PCMA")

        consultant.tab.listen()
        self.network.lose(8)
        consultant.until_hears("audio/opus", timeout=25)
        consultant.pause(8)
        self.assert_page_hears("the page, while packets are lost", self.speech(voice.CALLER), consultant)

        consultant.tab.listen()
        self.network.lose(0)
        consultant.until_hears("audio/PCMA", timeout=75)
        consultant.pause(4)
        self.assert_page_hears("the page, when nothing is lost any more", self.speech(voice.CALLER), consultant)
        self.assert_hears("the caller", self.speech(voice.CONSULTANT), self.listen(telephone, 4))
        self.assertEqual(consultant.tab.errors(), [])
        consultant.hang_up()
        call.ended_by_server()
