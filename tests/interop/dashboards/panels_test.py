# SPDX-License-Identifier: Apache-2.0
"""Every query of every dashboard in compose/grafana returns data, after orders that went well and
orders that did not; so does what stands behind Grafana's service map, and every variable."""

import re
import time

from support import case, http, logs, peers, provisioning, traces
from support.process import wait_until
from support.shop import Shop

# What Grafana would put in: the data sources are told that points come every 5 s.
STEP = 15
BUILT_IN = {"__rate_interval": "20s", "__interval": f"{STEP}s", "__range": "300s"}
# Metrics come every 5 s, and a rate takes two.
ROUNDS, ROUND_SECONDS = 4, 6
# What Grafana's service map asks Prometheus for.
SERVICE_MAP = (
    "traces_service_graph_request_total",
    "traces_service_graph_request_failed_total",
    "traces_service_graph_request_server_seconds_sum",
    "traces_service_graph_request_server_seconds_bucket",
)


class Panels(case.Case):
    @classmethod
    def start(cls, folder):
        cls.loki = cls.own(peers.Loki(folder))
        cls.prometheus = cls.own(peers.Prometheus(folder)).wait_ready()
        cls.tempo = cls.own(peers.Tempo(folder, cls.prometheus.url)).wait_ready()
        cls.shop = cls.own(
            Shop(folder, cls.tempo.otlp_grpc, {"FRAUD_ALLOW_FORCED_OUTCOME": "true"})
        )
        cls.began = int(time.time())
        for _ in range(ROUNDS):
            cls.buy()
            time.sleep(ROUND_SECONDS)
        cls.shop.programs["inventory-service"].stop()
        cls.trace_id = cls.shop.order().headers["x-trace-id"]
        cls.loki.wait_ready()
        for program in cls.shop.programs.values():
            logs.push(cls.loki, program)

    @classmethod
    def buy(cls):
        """An order of every outcome."""
        cls.shop.order()
        cls.shop.order(quantity=1_000_000)
        cls.shop.order("no-such-thing")
        cls.shop.place(baggage="fraud.outcome=legitimate")
        cls.shop.place(baggage="fraud.outcome=fraudulent")
        cls.shop.place(quantity=1_000_000)

    def range(self):
        return {"start": self.began - 30, "end": int(time.time()) + 1, "step": STEP}

    def filled_in(self, text, variables):
        """A query as Grafana sends it: variables by their values."""
        values = {**BUILT_IN, **variables}
        return re.sub(r"\$\{?(\w+)\}?", lambda found: values[found.group(1)], text)

    def variables(self, board):
        """The values of a dashboard's variables, all of those that have a list."""
        values = {}
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                asked = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"])
                found = wait_until(variable["name"], lambda: self.label_values(*asked.groups()))
                values[variable["name"]] = "|".join(found)
            elif variable["type"] == "textbox":
                values[variable["name"]] = self.trace_id
        return values

    def label_values(self, selector, label):
        url = f"{self.prometheus.url}/api/v1/label/{label}/values"
        return http.get_json(url, **{"match[]": selector})["data"]

    def ask_prometheus(self, target, variables):
        """Numbers, other than NaN."""
        expression = self.filled_in(target["expr"], variables)
        answer = http.get_json(
            self.prometheus.url + "/api/v1/query_range", query=expression, **self.range()
        )
        values = [value for series in answer["data"]["result"] for _, value in series["values"]]
        return [value for value in values if value != "NaN"]

    def ask_loki(self, target, variables):
        return self.loki.query(self.filled_in(target["expr"], variables))

    def ask_tempo(self, target, variables):
        if target["queryType"] == "serviceMap":
            return all(self.prometheus.query(f"rate({name}[5m])") for name in SERVICE_MAP)
        query = self.filled_in(target["query"], variables)
        if re.fullmatch("[0-9a-f]{32}", query):
            return traces.fetch(self.tempo, query)
        if "metricsQueryType" in target:
            url = self.tempo.url + "/api/metrics/query_range"
            series = http.get_json(url, q=query, **self.range())["series"]
            return [sample for one in series for sample in one["samples"]]
        return self.tempo.search(query)

    def targets(self):
        for name, board in provisioning.dashboards().items():
            variables = self.variables(board)
            for panel in board["panels"]:
                for target in panel.get("targets", []):
                    yield f"{name}: {panel['title']} ({target['refId']})", target, variables

    # A panel would be empty, whatever happens in the shop.
    def test_every_panel_shows_something(self):
        ask = {
            "prometheus": self.ask_prometheus,
            "loki": self.ask_loki,
            "tempo": self.ask_tempo,
        }
        for title, target, variables in self.targets():
            with self.subTest(title):
                asked = ask[target["datasource"]["type"]]
                wait_until("data", lambda: asked(target, variables))


if __name__ == "__main__":
    case.main()
