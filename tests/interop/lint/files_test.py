# SPDX-License-Identifier: Apache-2.0
"""compose/'s files, read by the programs that they are for, or by a schema where that program is not
to be had. tests/compose holds them to what they promise."""

import json
import os
import pathlib
import subprocess
import unittest

import jsonschema
import yaml
from support import case
from support.peers import COMPOSE
from support.process import installed
from support.provisioning import GRAFANA
from support.shop import SERVICES

HERE = pathlib.Path(__file__).parent


class Files(unittest.TestCase):
    def assert_takes(self, name, *arguments):
        """The program ends well with these arguments; what it says."""
        command = [installed(name), *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        run = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=COMPOSE, timeout=60
        )
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout + run.stderr

    # "docker compose" would refuse the file: this is its own loader, schema and all.
    def test_compose_takes_its_file(self):
        said = self.assert_takes("compose-spec", "-format", "json", "compose.yaml")
        project = json.loads(said[said.index("{") :])
        self.assertLessEqual(
            set(SERVICES) | {"tempo", "loki", "prometheus"}, set(project["services"])
        )
        self.assertNotIn("variable is not set", said)

    # Prometheus would not start.
    def test_prometheus_takes_its_file(self):
        self.assert_takes("promtool", "check", "config", "prometheus.yaml")

    # Tempo would not start, or warn that parts of the file contradict each other.
    def test_tempo_takes_its_file(self):
        said = self.assert_takes(
            "tempo", "-config.file=tempo.yaml", "-config.expand-env=true", "-config.verify=true"
        )
        self.assertNotIn("level=warn", said)

    # Loki would not start.
    def test_loki_takes_its_file(self):
        self.assert_takes(
            "loki", "-config.file=loki.yaml", "-config.expand-env=true", "-verify-config=true"
        )

    # A misspelt key would have no effect, and nobody say so.
    def test_provisioning(self):
        schema = yaml.safe_load((HERE / "provisioning.schema.yaml").read_text())
        validator = jsonschema.Draft202012Validator(schema)
        files = sorted((GRAFANA / "provisioning").rglob("*.yaml"))
        self.assertTrue(files)
        for path in files:
            with self.subTest(path.name):
                validator.validate(yaml.safe_load(path.read_text()))

    # The schema would let everything through.
    def test_the_schema_refuses_what_it_does_not_know(self):
        schema = yaml.safe_load((HERE / "provisioning.schema.yaml").read_text())
        path = GRAFANA / "provisioning" / "datasources" / "datasources.yaml"
        provisioning = yaml.safe_load(path.read_text())
        provisioning["datasources"][0]["jsonData"]["traceToLogs"] = {}
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate(provisioning)


if __name__ == "__main__":
    case.main()
