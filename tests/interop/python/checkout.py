# SPDX-License-Identifier: Apache-2.0
"""A service that is not ours, with the official OpenTelemetry SDK: GET /checkout buys something at the
gateway, and answers what that said. Says "port=N" when it listens; SIGTERM flushes its spans."""

import http.server
import os
import signal
import sys
import urllib.request

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

ORDERS = os.environ["GATEWAY_URL"] + "/orders"
ORDER = b'{"product_id": "laptop-001", "quantity": 1}'

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(insecure=True)))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("checkout")


def buy():
    with tracer.start_as_current_span("POST", kind=trace.SpanKind.CLIENT):
        headers = {"Content-Type": "application/json"}
        propagate.inject(headers)
        order = urllib.request.Request(ORDERS, data=ORDER, headers=headers)
        with urllib.request.urlopen(order, timeout=30) as answer:
            return answer.read()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        context = propagate.extract({name.lower(): value for name, value in self.headers.items()})
        with tracer.start_as_current_span("GET /checkout", context, trace.SpanKind.SERVER):
            body = buy()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def stop(_signal, _frame):
    provider.shutdown()
    sys.exit(0)


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
signal.signal(signal.SIGTERM, stop)
print(f"port={server.server_port}", flush=True)
server.serve_forever()
