"""Programs the tests start: each with its log file, each ended by its own process id and no other."""

import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time


class Program:
    """A running program whose output goes line by line into a log file."""

    def __init__(self, command, log, cwd=None, env=None):
        self.command, self.log = [str(word) for word in command], pathlib.Path(log)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, env=env)

    @property
    def running(self):
        return self.process.poll() is None

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, pattern, timeout, source=None):
        """The first match of the pattern in the log (or another file); fails when the program ends or time is up first."""
        limit = time.monotonic() + timeout
        while True:
            ended = not self.running
            text = source.read_text(errors="replace") if source and source.exists() else "" if source else self.output()
            match = re.search(pattern, text, re.MULTILINE)
            if match:
                return match
            if ended or time.monotonic() > limit:
                why = f"it ended with status {self.process.returncode}" if ended else f"not within {timeout} s"
                raise AssertionError(f"{self.command[0]} did not say /{pattern}/: {why}\n{text[-2000:]}")
            time.sleep(0.05)

    def wait(self, timeout):
        """Its exit status; raises subprocess.TimeoutExpired when it goes on."""
        return self.process.wait(timeout)

    def stop(self, kindly=signal.SIGTERM, grace=5.0):
        """Asks it to end, then makes it."""
        if self.running:
            self.process.send_signal(kindly)
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        if self.running:
            self.process.kill()
        self.process.wait(10)


# Tests that run side by side have ports of their own.
LANE = int(os.environ.get("E2E_LANE", "0"))
_given = set()


def free_port():
    """A port of 127.0.0.1 that nobody uses at the moment, for UDP and TCP alike, and never given before.

    A multiple of four, for SIPp's sound takes neighbours too. Below the range from which the kernel takes ports for clients:
    one of those may be gone before it is used.
    """
    while True:
        port = 10_000 + LANE * 5_000 + random.randrange(0, 5_000, 4)
        # 10080 is one of those that browsers refuse.
        if port not in _given and port != 10_080 and _is_free(port):
            _given.add(port)
            return port


def _is_free(port):
    with (socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp):
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def eventually(check, timeout, what, pause=0.1):
    """Waits until check() gives something true and returns it."""
    limit = time.monotonic() + timeout
    while True:
        result = check()
        if result:
            return result
        if time.monotonic() > limit:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(pause)
