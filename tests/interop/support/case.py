# SPDX-License-Identifier: Apache-2.0
"""The frame of a test file: one set of programs for all its tests."""

import pathlib
import sys
import tempfile
import unittest


class Case(unittest.TestCase):
    """Subclasses start their programs in start(folder), with cls.own for whatever has a stop()."""

    maxDiff = None

    @classmethod
    def own(cls, program):
        """The program, which is stopped when the tests are over, in the reverse order of starts."""
        cls.addClassCleanup(program.stop)
        return program

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="meshwork-interop-")
        cls.addClassCleanup(folder.cleanup)
        cls.start(pathlib.Path(folder.name))

    @classmethod
    def start(cls, folder):
        raise NotImplementedError


def main():
    """As unittest's; exits with 77, which ctest shows as skipped, when every test was."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    wanted = suite.countTestCases()
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    if not result.wasSuccessful():
        sys.exit(1)
    # A class that is skipped as a whole counts as none run, and as one skip.
    passed = result.testsRun - len(result.skipped)
    sys.exit(0 if wanted and passed > 0 else 77)
