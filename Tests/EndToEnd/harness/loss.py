"""Loses what the server sends, so that the others see a bad network. Compiled for each test; needs gcc."""

import pathlib
import subprocess


class Loss:
    """Give `environment` to the server; `lose` may be called at any time while it runs."""

    def __init__(self, folder):
        self._share = pathlib.Path(folder) / "loss"
        library = pathlib.Path(folder) / "loss.so"
        source = pathlib.Path(__file__).with_suffix(".c")
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(library), "LOSS": str(self._share)}
        self.lose(0)

    def lose(self, percent):
        self._share.write_text(str(round(percent * 10)))
