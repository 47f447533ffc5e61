"""The real server, in a data folder of its own, on ports that nobody else uses."""

import os
import pathlib
import shutil

import numpy
import soundfile

from . import ears
from .facts import Store
from .programs import LANE, Program, eventually, free_port

ROOT = pathlib.Path(__file__).resolve().parents[3]
HOTLINES = pathlib.Path(__file__).resolve().parent.parent / "hotlines"
BINARY = pathlib.Path(os.environ.get("CENTRALA_BIN", ROOT / ".build/debug/centrala"))
NEW_PASSWORD = "Zielony-Tramwaj-17"
MEDIA_PORTS = 20_000 + LANE * 4_000


class Server:
    """A folder with configuration, hotlines, prompts and data; `start` runs the program in it, again if need be.

    `hotlines` are names of files in hotlines/ or config/hotlines/, `files` more of them by name; `listen` are addresses for SIP, without ports;
    `threads` carry the sound; `more` is added to the configuration, `environment` to the program's.
    """

    media_ports = f"{MEDIA_PORTS}-{MEDIA_PORTS + 3_999}"

    def __init__(
            self, folder, hotlines=("proba", "demo"), listen=("127.0.0.1",), public_address="127.0.0.1", max_calls=500,
            threads="auto", more="", environment=None, files=None):
        self.folder = pathlib.Path(folder).resolve()
        self.data = self.folder / "data"
        self.store = Store(self.data / "centrala.sqlite")
        self.configuration = self.folder / "centrala.yaml"
        self.program = None
        self._environment = environment or {}
        self.passwords, self._starts = {}, 0
        self._sip = [f"{f'[{host}]' if ':' in host else host}:{free_port()}" for host in listen]
        self._web_port, self._public_address, self._max_calls = free_port(), public_address, max_calls
        self._threads = threads
        self._more = more
        self._spoken = {}
        self.music = melody()
        for name in ("hotlines", "prompts", "data"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for hotline in hotlines:
            own = HOTLINES / f"{hotline}.yaml"
            shutil.copy(own if own.exists() else ROOT / f"config/hotlines/{hotline}.yaml", self.folder / "hotlines")
        for name, text in (files or {}).items():
            (self.folder / f"hotlines/{name}.yaml").write_text(text, encoding="utf-8")
        shutil.copytree(ROOT / "prompts", self.folder / "prompts", dirs_exist_ok=True)
        soundfile.write(self.folder / "prompts/melodia.wav", self.music, ears.RATE, subtype="PCM_16")
        self.configuration.write_text(self._configured(), encoding="utf-8")

    def _configured(self):
        return f"""
sip:
  listen: [{", ".join(f'"{address}"' for address in self._sip)}]
  max_calls: {self._max_calls}
media:
  ports: {self.media_ports}
  public_address: {self._public_address}
  threads: {self._threads}
web:
  listen: "127.0.0.1:{self._web_port}"
paths:
  data: {self.data}
  hotlines: {self.folder}/hotlines
  prompts: {self.folder}/prompts
log:
  level: debug
{self._more}"""

    def start(self, timeout=90):
        self._starts += 1
        self.program = Program(
            [BINARY, "serve", "--config", self.configuration], self.folder / f"server-{self._starts}.log", cwd=self.folder,
            env={**os.environ, **self._environment})
        try:
            ready = self.program.wait_for(r"^ready sip=\S*:(\d+) web=(\S+)", timeout)
        except BaseException:  # the runner's time limit too
            self.program.kill()
            raise
        self.sip_port, self.web = int(self._sip[0].rpartition(":")[2]), ready[2].rstrip("/")
        for line in self.program.output().splitlines():
            words = line.split()
            if len(words) == 5 and words[0] == "account" and words[3] == "one-time-password":
                self.passwords[words[1]] = words[4]
        return self

    def command(self, *arguments, timeout=60):
        """Runs another command of the program with this configuration, and returns what it printed."""
        program = Program(
            [BINARY, *arguments, "--config", self.configuration], self.folder / f"{arguments[0]}.log", cwd=self.folder)
        status = program.wait(timeout)
        if status != 0:
            raise AssertionError(f"centrala {arguments[0]} ended with {status}\n{program.output()[-2000:]}")
        return program.output()

    def sip_address(self, host="127.0.0.1"):
        """Where SIP is listened to on this address, as a host and port."""
        return next(address for address in self._sip if host in address)

    def spoken(self, text, language="pl"):
        """What a caller should hear of this text, at 8 kHz."""
        if (text, language) not in self._spoken:
            path = self.folder / "spoken.wav"
            self.command("speak", "--text", text, "--language", language, "--output", path)
            self._spoken[text, language] = ears.load(path)
        return self._spoken[text, language]

    def rendered(self, contact, kind="wav"):
        """The recording of a contact as `centrala render` writes it; returns the file's path."""
        eventually(
            lambda: self.store.rows("SELECT 1 FROM contact WHERE id = ? AND recording IS NOT NULL", contact), 15,
            f"the recording of {contact} to be complete")
        path = self.folder / f"{contact}.{kind}"
        self.command("render", contact, "--format", kind, "--output", path)
        return path

    def stop(self):
        """As Ctrl-C would; whether it ended by itself and well."""
        if self.program is None:
            return True
        self.program.stop(grace=15)
        return self.program.process.returncode == 0

    def kill(self):
        """As a power cut would."""
        self.program.kill()


def melody(seconds=20):
    """Hold music that nothing else sounds like: short notes of a fixed random choice, at 8 kHz."""
    notes = numpy.random.default_rng(7).choice([262, 294, 330, 349, 392, 440, 494, 523, 587, 659], seconds * 5)
    time = numpy.arange(ears.RATE // 5) / ears.RATE
    envelope = numpy.minimum(1, numpy.minimum(time, time[::-1]) / 0.01)
    sound = [envelope * (numpy.sin(2 * numpy.pi * f * time) + 0.4 * numpy.sin(6 * numpy.pi * f * time)) for f in notes]
    return (0.25 * numpy.concatenate(sound)).astype(numpy.float32)
