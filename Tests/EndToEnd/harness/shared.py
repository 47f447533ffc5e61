"""Tests that share one server: it is started by the first test of a class and stopped when another class begins."""

import atexit
import shutil

from . import case, ears
from .rtp import Telephone
from .script import Script, description
from .server import Server
from .sip import Call


class _Current:
    """The one shared server that runs, and whether a test on it has failed: then its folder stays."""

    kind, server, folder, failed = None, None, None, False

    @classmethod
    def take(cls, kind):
        if cls.kind is kind and cls.server.program.running:
            return cls.server
        cls.end()
        cls.kind, cls.folder = kind, case.OUT / f"server-{kind.__name__}"
        shutil.rmtree(cls.folder, ignore_errors=True)
        cls.server = Server(cls.folder, **kind.server_options).start()
        return cls.server

    @classmethod
    def end(cls):
        if cls.server is not None:
            cls.server.stop()
            if not cls.failed:
                shutil.rmtree(cls.folder, ignore_errors=True)
        cls.kind, cls.server, cls.failed = None, None, False


atexit.register(_Current.end)


class SharedServerTest(case.EndToEndTest):
    """`server_options` go to the Server; `hotline` is the number that `scripted` dials."""

    limit = 60
    server_options = {"hotlines": ("dzwiek",)}
    hotline = "8002"
    _callers = 600200000

    def start_server(self):
        server = _Current.take(type(self))
        self.addCleanup(self._note_failure)
        return server

    def _note_failure(self):
        _Current.failed = _Current.failed or self._failed

    @property
    def store(self):
        return self.server.store

    # Callers

    def telephone(self, **options):
        telephone = Telephone(**options)
        self.addCleanup(telephone.close)
        return telephone

    @classmethod
    def number(cls):
        """A caller's number that no other test uses."""
        SharedServerTest._callers += 1
        return f"+48{SharedServerTest._callers}"

    def play(self, script, hotline=None, host="127.0.0.1", transport="u1", caller=None):
        """Lets SIPp play a script. The call's `number` is the caller's."""
        caller = caller or self.number()
        path = script.write(self.folder / f"script-{caller[-4:]}.xml")
        call = Call(
            self.server.sip_address(host), hotline or self.hotline, self.folder, caller=caller, scenario=path, host=host,
            transport=transport)
        call.number = caller
        self.addCleanup(call.close)
        return call

    def dial(self, telephone=None, speaks=True, hotline=None, **offer):
        """A plain call with this telephone's offer, until somebody hangs up: (telephone, call)."""
        telephone = telephone or self.telephone()
        call = self.play(Script().call(description(telephone.port, **offer)).until_bye(), hotline)
        address = call.answered()
        if speaks:
            telephone.connect(address)
        return telephone, call

    # What is heard

    def assert_hears_melody(self, telephone, who="the caller", seconds=1.5):
        """The hotline's melody, sample by sample."""
        heard = self.listen(telephone, seconds)
        _, fit = ears.find(heard, self.server.music)
        if fit < 0.9:
            self.keep(f"{who} heard", heard)
        self.assertGreater(fit, 0.9, f"{who} hears the melody")

    def hears(self, telephone, text, since=0.0, timeout=10):
        """Waits until the text was heard after a mark; returns the mark where it ended."""
        return self._hears(telephone, self.server.spoken(text), text, since, timeout)
