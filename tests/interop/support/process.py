# SPDX-License-Identifier: Apache-2.0
"""Programs that a test starts and stops, and how it waits for them."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

INTEROP = pathlib.Path(__file__).resolve().parent.parent
SOURCE = INTEROP.parent.parent
# Where the mesh's programs are; tests/interop/run says it.
BIN = pathlib.Path(os.environ.get("MESHWORK_BIN", SOURCE / "build" / "bin")).resolve()
# How long anything may take, in seconds: the machine may be doing much else.
PATIENCE = int(os.environ.get("PATIENCE", 60))


def wait_until(what, condition, patience=PATIENCE):
    """Calls condition until what it says is true, and returns that; an AssertionError says what
    was waited for, and the last exception of the condition."""
    deadline = time.monotonic() + patience
    while True:
        last = None
        try:
            answer = condition()
            if answer:
                return answer
        except (OSError, AssertionError, LookupError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s for {what}") from last
        time.sleep(0.1)


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def installed(name):
    """The path of a program of others; the test is skipped when the cache has none."""
    where = subprocess.run(
        [INTEROP / "install", "--cached", "--where", name], capture_output=True, text=True
    )
    if where.returncode == 77:
        raise unittest.SkipTest(where.stderr.strip())
    where.check_returncode()
    return where.stdout.strip()


class Program:
    """A process with a log; it gets only the environment that it is given, and a PATH."""

    def __init__(self, name, command, folder, environment=None):
        self.name = name
        self.log_file = pathlib.Path(folder) / f"{name}.log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})},
                cwd=folder,
            )

    def log(self):
        return self.log_file.read_text(errors="replace")

    def assert_alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")

    def wait_until(self, what, condition):
        """As the function; fails at once, with the program's log, when the program has ended."""

        def alive_and_so():
            self.assert_alive()
            return condition()

        try:
            return wait_until(f"{what} of {self.name}", alive_and_so)
        except AssertionError as error:
            raise AssertionError(f"{error}; its log:\n{self.log()[-4000:]}") from error

    def wait_log(self, pattern):
        """The first group of a regular expression, once the log has it."""
        return self.wait_until(pattern, lambda: re.search(pattern, self.log(), re.M)).group(1)

    def stop(self, patience=PATIENCE):
        """SIGTERM; the exit code. Killed, and an error, when it does not end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} does not stop; its log:\n{self.log()[-4000:]}")
