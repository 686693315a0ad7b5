#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The two small programs of compose/. What is said above a test is what would be broken."""

import http.server
import pathlib
import subprocess
import threading
import unittest

COMPOSE = pathlib.Path(__file__).resolve().parents[2] / "compose"


def run(program, *arguments):
    return subprocess.run(
        [COMPOSE / program, *map(str, arguments)], capture_output=True, text=True, timeout=20
    )


class Answers(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        Answers.asked.append(self.headers)
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


class HttpHealth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
        cls.port = cls.server.server_port
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    # A gateway that is well would be taken for ill.
    def test_200_is_healthy(self):
        answer = run("http-health", "127.0.0.1", self.port, "/health")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("200", answer.stdout)

    # A gateway whose services are down would be taken for well.
    def test_503_is_not(self):
        answer = run("http-health", "127.0.0.1", self.port, "/")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("503", answer.stdout)

    # A gateway that is gone would be taken for well.
    def test_nobody_there_is_not(self):
        self.assertEqual(run("http-health", "127.0.0.1", 1, "/").returncode, 1)

    # A check every few seconds would be most of what is in the store of traces.
    def test_it_asks_not_to_be_traced(self):
        run("http-health", "127.0.0.1", self.port, "/health")
        self.assertRegex(Answers.asked[-1]["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-00$")

    # Something would be asked that nobody meant.
    def test_wrong_usage_is_named(self):
        answer = run("http-health", "127.0.0.1")
        self.assertEqual(answer.returncode, 2)
        self.assertIn("usage", answer.stderr)


class RuntimePackages(unittest.TestCase):
    # An image would lack a library, and its program not start.
    def test_it_names_the_packages_of_libraries(self):
        answer = run("runtime-packages", "/bin/bash")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(answer.stdout.split(), sorted(set(answer.stdout.split())))
        self.assertIn("libc6", answer.stdout.split())
        self.assertIn("libtinfo6", answer.stdout.split())

    # The image would be made, without any library.
    def test_what_is_no_program_is_named(self):
        answer = run("runtime-packages", "/nowhere/program")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("/nowhere/program", answer.stderr)
        self.assertEqual(run("runtime-packages").returncode, 1)


if __name__ == "__main__":
    unittest.main()
