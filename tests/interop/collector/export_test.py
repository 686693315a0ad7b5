# SPDX-License-Identifier: Apache-2.0
"""The OpenTelemetry Collector takes what the mesh exports, over both protocols, compressed and with
headers, and its debug exporter shows what was sent."""

import pathlib
import re

from support import case, http
from support.peers import Peer
from support.process import free_port, installed, wait_until
from support.shop import Shop

TOKEN = "sesame"


class Collector(Peer):
    def __init__(self, folder):
        grpc_port, http_port = free_port(), free_port()
        self.endpoints = {
            "grpc": f"http://127.0.0.1:{grpc_port}",
            "http/protobuf": f"http://127.0.0.1:{http_port}",
        }
        super().__init__(
            "otelcol",
            [installed("otelcol"), "--config", pathlib.Path(__file__).with_name("config.yaml")],
            folder,
            {"GRPC_PORT": str(grpc_port), "HTTP_PORT": str(http_port), "TOKEN": TOKEN},
        )
        self.wait_log(r"(Everything is ready)")

    def records(self, kind, trace_id):
        """The parts of its output that are one span ("Span") or log line ("LogRecord") each, of one
        trace; and the resource before each."""
        found = []
        resource = ""
        for part in re.split(
            r"^(?=Resource(?:Spans|Log) #|Span #|LogRecord #)", self.log(), flags=re.M
        ):
            if part.startswith("Resource"):
                resource = part
            elif part.startswith(kind) and re.search(rf"Trace ID\s*: {trace_id}$", part, re.M):
                found.append((resource, part))
        return found


class Exports:
    """What holds for both protocols."""

    PROTOCOL = None

    @classmethod
    def environment(cls, token=TOKEN):
        return {
            "OTEL_EXPORTER_OTLP_PROTOCOL": cls.PROTOCOL,
            "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_BLRP_SCHEDULE_DELAY": "50",
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer {token}".replace(" ", "%20"),
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_BLRP_SCHEDULE_DELAY": "50",
        }

    @classmethod
    def start(cls, folder):
        cls.folder = folder
        cls.collector = cls.own(Collector(folder))
        cls.endpoint = cls.collector.endpoints[cls.PROTOCOL]
        cls.shop = cls.own(Shop(folder, cls.endpoint, cls.environment()))

    def wait_records(self, kind, trace_id, count):
        return wait_until(
            f"{count} of {kind} with {trace_id}",
            lambda: len(found := self.collector.records(kind, trace_id)) >= count and found,
        )

    # A company's collector would turn our spans away, or read other things in them than were sent.
    def test_spans(self):
        answer = self.shop.order("headphones-001", 3)
        found = self.wait_records("Span #", answer.headers["x-trace-id"], 24)
        self.assertEqual(len(found), 24)
        resource, create = next(
            record for record in found if re.search(r"Name\s*: create_order$", record[1], re.M)
        )
        for pattern in (
            r"-> service.name: Str\(order-service\)",
            r"-> telemetry.sdk.language: Str\(",
            r"Resource SchemaURL: https://opentelemetry.io/schemas/",
        ):
            self.assertRegex(resource, pattern)
        for pattern in (
            r"Kind\s*: Internal$",
            rf"-> order.id: Str\({answer.json()['order_id']}\)",
            r"-> order.quantity: Int\(3\)",
            r"-> order.total: Double\(449.97\)",
        ):
            self.assertRegex(create, re.compile(pattern, re.M))

    # Log records would be turned away, or arrive without what ties them to their spans.
    def test_log_records(self):
        trace_id = self.shop.order().headers["x-trace-id"]
        found = self.wait_records("LogRecord #", trace_id, 4)
        services = {
            re.search(r"-> service.name: Str\((.*)\)", resource)[1] for resource, _ in found
        }
        self.assertEqual(services, {"api-gateway", "order-service", "inventory-service"})
        create = next(part for _, part in found if "CreateOrder" in part)
        for pattern in (
            r"^Timestamp\s*: 20",
            r"^ObservedTimestamp\s*: 20",
            r"^SeverityText\s*: info$",
            r"^SeverityNumber\s*: Info\(9\)$",
            r"^Body\s*: Str\(call\)$",
            r"-> rpc.method: Str\(shop.order.v1.OrderService/CreateOrder\)$",
            r"-> duration_ms: Double\(",
            r"^Flags\s*: [13]$",
        ):
            self.assertRegex(create, re.compile(pattern, re.M))
        span_id = re.search(r"^Span ID\s*: (\w+)$", create, re.M)[1]
        spans = self.wait_records("Span #", trace_id, 24)
        owner = next(part for _, part in spans if re.search(rf"^ +ID\s*: {span_id}$", part, re.M))
        self.assertRegex(owner, re.compile(r"Kind\s*: Server$", re.M))

    # A failure would look like success.
    def test_a_failing_span(self):
        trace_id = self.shop.order(quantity=1_000_000).headers["x-trace-id"]
        wait_until(
            "a span with an error",
            lambda: [
                part
                for _, part in self.collector.records("Span #", trace_id)
                if re.search(r"Status code\s*: Error$", part, re.M)
            ],
        )

    # Log lines would not stand beside the spans that they belong to.
    def test_log_lines(self):
        trace_id = self.shop.order().headers["x-trace-id"]
        resource, record = self.wait_records("LogRecord", trace_id, 1)[0]
        self.assertRegex(resource, r"-> service.name: Str\(")
        for pattern in (
            r"SeverityText: \w+",
            r"SeverityNumber: (Info|Warn|Error)\(\d+\)",
            r"Body: Str\(.+\)",
            r"Span ID: [0-9a-f]{16}$",
        ):
            self.assertRegex(record, re.compile(pattern, re.M))

    # The headers would not be sent at all, and the other tests prove nothing of them.
    def test_who_does_not_know_the_word_is_refused(self):
        folder = self.folder / "stranger"
        folder.mkdir()
        shop = Shop(folder, self.endpoint, self.environment("let me in"))
        try:
            trace_id = shop.order().headers["x-trace-id"]
            gateway = shop.programs["api-gateway"]
            gateway.wait_log(r"(does not take spans)")
        finally:
            shop.stop()
        self.assertEqual(self.collector.records("Span #", trace_id), [])


class Grpc(Exports, case.Case):
    PROTOCOL = "grpc"


class HttpProtobuf(Exports, case.Case):
    PROTOCOL = "http/protobuf"

    # What is not compressed would be taken all the same, and the other tests prove nothing of that.
    def test_only_what_is_compressed_is_taken(self):
        answer = http.request(
            self.endpoint + "/v1/traces",
            body=b"",
            headers={
                "Content-Type": "application/x-protobuf",
                "Authorization": f"Bearer {TOKEN}",
            },
        )
        self.assertGreaterEqual(answer.status, 400)


if __name__ == "__main__":
    case.main()
