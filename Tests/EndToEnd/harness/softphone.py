"""An independent SIP phone, baresip, as the caller: its own signalling, its own sound, what it heard in a WAV file."""

import pathlib
import shutil

from .programs import LANE, Program, free_port

MODULES = pathlib.Path("/usr/lib/baresip/modules")


def installed():
    return shutil.which("baresip") is not None


class Softphone:
    """Dials at once; `heard_file` is there while the call lasts and after."""

    def __init__(self, server_port, number, folder, speech, codecs="PCMA/8000/1", rate=8000):
        self.folder = pathlib.Path(folder) / "baresip"
        self.recordings = self.folder / "heard"
        self.recordings.mkdir(parents=True)
        port = free_port()
        modules = ["stdio", "g711", "opus", "aufile", "aubridge", "sndfile", "uuid"]
        (self.folder / "config").write_text("\n".join([
            "poll_method epoll", f"sip_listen 127.0.0.1:{port}", "call_max_calls 4",
            f"audio_source aufile,{pathlib.Path(speech).resolve()}", "audio_player aubridge,nothing",
            "audio_alert aubridge,nothing", f"ausrc_srate {rate}", f"auplay_srate {rate}", "ausrc_channels 1",
            "auplay_channels 1", "audio_level no", f"rtp_ports {30_000 + LANE * 1_000}-{31_000 + LANE * 1_000}", "jitter_buffer_delay 2-50",
            f"module_path {MODULES}", *[f"module {name}.so" for name in modules], "module_tmp account.so",
            # Relative: the module that writes the sound cuts names off at 127 characters.
            "module_app menu.so", f"snd_path {self.recordings.name}", ""]))
        (self.folder / "accounts").write_text(
            f"<sip:tester@127.0.0.1:{port}>;regint=0;audio_codecs={codecs};dtmfmode=rtpevent\n")
        (self.folder / "contacts").write_text("")
        self.program = Program(
            ["baresip", "-f", self.folder.resolve(), "-e", f"/dial sip:{number}@127.0.0.1:{server_port}"],
            self.folder / "log", cwd=self.folder)

    def established(self, timeout=15):
        self.program.wait_for(r"[Cc]all established|Call established", timeout)

    @property
    def heard_file(self):
        """The newest recording of received sound, or None."""
        files = sorted(self.recordings.glob("*dec*.wav"), key=lambda file: file.stat().st_mtime)
        return files[-1] if files else None

    def close(self):
        self.program.stop()
