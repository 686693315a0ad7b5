# SPDX-License-Identifier: Apache-2.0
"""Log lines, pushed over Loki's own API with the labels that Alloy would give them, and found as
Grafana would look for them."""

import re

from support import case, http, logs, peers, provisioning, traces
from support.process import wait_until
from support.shop import Shop

SERVICES = ("api-gateway", "order-service", "inventory-service")


class Lines:
    """What holds for every format of the lines."""

    FORMAT = None

    @classmethod
    def start(cls, folder):
        cls.loki = cls.own(peers.Loki(folder))
        cls.tap = cls.own(traces.Tap())
        cls.shop = cls.own(Shop(folder, cls.tap.endpoint, {"MESH_LOG_FORMAT": cls.FORMAT}))
        cls.good = cls.shop.order().headers["x-trace-id"]
        cls.bad = cls.shop.order("no-such-thing").headers["x-trace-id"]
        for trace_id in (cls.good, cls.bad):
            wait_until(f"lines about {trace_id}", lambda: cls.all_have_logged(trace_id))
        cls.loki.wait_ready()
        cls.lines = {name: logs.push(cls.loki, cls.shop.programs[name]) for name in SERVICES}

    @classmethod
    def all_have_logged(cls, trace_id):
        return all(trace_id in cls.shop.programs[name].log() for name in SERVICES[:2])

    def found(self, query):
        """The lines that a query finds, each with its labels, once there are any."""
        streams = wait_until(query, lambda: self.loki.query(query))
        return [(stream["stream"], line) for stream in streams for _, line, *_ in stream["values"]]

    # A trace's log lines could not be asked for by its id.
    def test_by_trace_id(self):
        found = self.found(f'{{service=~".+"}} | trace_id = "{self.good}"')
        services = {labels["service"] for labels, _ in found}
        self.assertLessEqual({"api-gateway", "order-service"}, services)
        for _, line in found:
            self.assertIn(self.good, line)

    # "Logs for this span" in Grafana would show nothing.
    def test_the_query_behind_a_span(self):
        source = provisioning.datasources()["tempo"]["jsonData"]["tracesToLogsV2"]
        tag = next(tag["value"] for tag in source["tags"] if tag["key"] == "service.name")
        query = source["query"].replace("${__tags}", f'{tag}="order-service"')
        query = query.replace("${__trace.traceId}", self.good)
        self.assertTrue(self.found(query))

    # A line in Grafana would have no link to its trace.
    def test_the_way_back_to_the_trace(self):
        rules = provisioning.datasources()["loki"]["jsonData"]["derivedFields"]
        for labels, line in self.found(f'{{service="order-service"}} |= "{self.good}"'):
            ids = {self.derived(rule, labels, line) for rule in rules} - {None}
            self.assertEqual(ids, {self.good})
        wait_until("the trace", lambda: self.tap.trace(self.good))

    @staticmethod
    def derived(rule, labels, line):
        """What Grafana makes of a line with a derived field."""
        if rule["matcherType"] == "label":
            return labels.get(rule["matcherRegex"])
        match = re.search(rule["matcherRegex"], line)
        return match and match.group(1)

    # A line's severity would be lost, or an id would make a stream of its own of every order.
    def test_labels_have_few_values(self):
        url = self.loki.url + "/loki/api/v1/labels"
        names = set(wait_until("labels", lambda: http.get_json(url, since="1h").get("data")))
        self.assertLessEqual({"service", "container", "level"}, names)
        self.assertFalse(names & {"trace_id", "span_id"}, names)
        levels = http.get_json(self.loki.url + "/loki/api/v1/label/level/values", since="1h")
        self.assertLessEqual(set(levels["data"]), {"debug", "info", "warn", "error"})

    # Lines would stand at the wrong time, or in another order than they were written.
    def test_no_line_is_lost(self):
        for name, lines in self.lines.items():
            found = self.found(f'{{service="{name}"}}')
            self.assertEqual(len(found), len(lines))


class Logfmt(Lines, case.Case):
    FORMAT = "logfmt"

    # The rule that both seeds have, trace_id=(\w+), would find nothing.
    def test_the_rule_of_old(self):
        for _, line in self.found(f'{{service="order-service"}} |= "{self.good}"'):
            self.assertEqual(re.search(r"trace_id=(\w+)", line).group(1), self.good)


class Json(Lines, case.Case):
    FORMAT = "json"


class OverOtlp(case.Case):
    """The records that the mesh itself exports, without anything that reads its lines."""

    @classmethod
    def start(cls, folder):
        cls.loki = cls.own(peers.Loki(folder)).wait_ready()
        cls.tap = cls.own(traces.Tap())
        environment = {
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": cls.loki.url + "/otlp/v1/logs",
            "OTEL_BLRP_SCHEDULE_DELAY": "50",
        }
        cls.shop = cls.own(Shop(folder, cls.tap.endpoint, environment))

    # Where nothing reads the containers' output, a trace would have no log lines.
    def test_by_trace_id(self):
        trace_id = self.shop.order().headers["x-trace-id"]
        query = f'{{service_name=~".+"}} | trace_id = "{trace_id}"'

        def from_both():
            """Each process exports for itself, so one is there before the other."""
            streams = self.loki.query(query)
            services = {stream["stream"]["service_name"] for stream in streams}
            self.assertLessEqual(services, set(self.shop.programs))
            return services >= {"order-service", "inventory-service"} and streams

        for stream in wait_until(query, from_both):
            self.assertRegex(stream["stream"]["span_id"], "^[0-9a-f]{16}$")


if __name__ == "__main__":
    case.main()
