#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/images, and the program that makes them. What is said above a test is what would be broken."""

import pathlib
import re
import subprocess
import unittest
import xml.dom.minidom

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"


def draw(text, columns=80):
    command = [IMAGES / "terminal-svg", "a & b", str(columns)]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return xml.dom.minidom.parseString(run.stdout).getElementsByTagName("g")[0]


def texts(picture):
    return [element.firstChild.data for element in picture.getElementsByTagName("text")]


class Pictures(unittest.TestCase):
    # A page would show a broken picture, or a picture lie about unseen.
    def test_pictures_and_pages_go_together(self):
        pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        shown = {
            name
            for page in pages
            for name in re.findall(r"images/([\w-]+\.svg)\)", page.read_text())
        }
        self.assertEqual(shown, {path.name for path in IMAGES.glob("*.svg")})
        for path in IMAGES.glob("*.svg"):
            xml.dom.minidom.parse(str(path))

    # A picture would show what the terminal did not.
    def test_a_picture_shows_what_was_left_on_the_terminal(self):
        picture = draw("10 %\r\x1b[K<done>\r\n\x1b[32mSERVING\x1b[0m now\n")
        self.assertEqual(texts(picture), ["<done>", "SERVING", "now"])
        green = [
            element.getAttribute("fill") != "" for element in picture.getElementsByTagName("text")
        ]
        self.assertEqual(green, [False, True, False])

    # Long lines would make the rest too small to read.
    def test_long_lines_are_wrapped(self):
        self.assertEqual(texts(draw("abcdef\ngh", 4)), ["abcd", "ef", "gh"])


if __name__ == "__main__":
    unittest.main()
