# SPDX-License-Identifier: Apache-2.0
"""The programs of others, started with the files that compose/ has for their containers; what is
another there is in variables of those files."""

import re

from . import http
from .process import SOURCE, Program, free_port, installed

COMPOSE = SOURCE / "compose"


class Peer(Program):
    """A server of others that answers at `url`."""

    def is_ready(self, path="/ready"):
        return http.request(self.url + path).status == 200

    def stop(self, patience=10):
        """How well others stop is not ours to test: killed when it takes them long."""
        try:
            return super().stop(patience)
        except AssertionError:
            return None


class Tempo(Peer):
    def __init__(self, folder, prometheus_url=None):
        data = folder / "tempo-data"
        data.mkdir()
        ports = [free_port() for _ in range(5)]
        variables = ["HTTP", "GRPC", "GOSSIP", "OTLP_GRPC", "OTLP_HTTP"]
        environment = {f"TEMPO_{name}_PORT": str(port) for name, port in zip(variables, ports)}
        environment |= {
            "TEMPO_ADDRESS": "127.0.0.1",
            "TEMPO_DATA": str(data),
            # Where nobody listens, when there is no Prometheus.
            "PROMETHEUS_URL": prometheus_url or "http://127.0.0.1:9",
        }
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.otlp_grpc = f"http://127.0.0.1:{ports[3]}"
        self.otlp_http = f"http://127.0.0.1:{ports[4]}"
        super().__init__(
            "tempo",
            [
                installed("tempo"),
                f"-config.file={COMPOSE / 'tempo.yaml'}",
                "-config.expand-env=true",
            ],
            folder,
            environment,
        )

    def wait_ready(self):
        self.wait_until("readiness", self.is_ready)
        return self

    def search(self, query, **more):
        """The traces that TraceQL finds."""
        return http.get_json(self.url + "/api/search", q=query, limit=100, **more).get("traces", [])


class Prometheus(Peer):
    def __init__(self, folder, program="prometheus"):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            "prometheus",
            [
                installed(program),
                f"--config.file={COMPOSE / 'prometheus.yaml'}",
                f"--storage.tsdb.path={folder / 'prometheus-data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                *self.switches(),
            ],
            folder,
        )

    @staticmethod
    def switches():
        """What the file says that the command line has to switch on."""
        text = (COMPOSE / "prometheus.yaml").read_text()
        return re.findall(r"^# +(--[a-z.=-]+)", text, re.M)

    def wait_ready(self):
        self.wait_until("readiness", lambda: self.is_ready("/-/ready"))
        return self

    def query(self, expression):
        """The series that PromQL finds now."""
        return http.get_json(self.url + "/api/v1/query", query=expression)["data"]["result"]


class Loki(Peer):
    def __init__(self, folder):
        data = folder / "loki-data"
        data.mkdir()
        http_port, grpc_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{http_port}"
        super().__init__(
            "loki",
            [installed("loki"), f"-config.file={COMPOSE / 'loki.yaml'}", "-config.expand-env=true"],
            folder,
            {
                "LOKI_ADDRESS": "127.0.0.1",
                "LOKI_HTTP_PORT": str(http_port),
                "LOKI_GRPC_PORT": str(grpc_port),
                "LOKI_DATA": str(data),
            },
        )

    def wait_ready(self):
        self.wait_until("readiness", self.is_ready)
        return self

    def query(self, expression, **more):
        """The streams that LogQL finds in the last hour."""
        answer = http.get_json(
            self.url + "/loki/api/v1/query_range", query=expression, since="1h", limit=1000, **more
        )
        return answer["data"]["result"]
