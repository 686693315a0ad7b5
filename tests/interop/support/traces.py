# SPDX-License-Identifier: Apache-2.0
"""Traces as values that can be compared, and what the mesh sends before anybody has stored it."""

import threading
from concurrent import futures

import grpc
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from . import http


def _value(any_value):
    kind = any_value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in any_value.array_value.values]
    if kind == "kvlist_value":
        return _attributes(any_value.kvlist_value.values)
    return (kind, getattr(any_value, kind)) if kind else None


def _attributes(pairs):
    return {pair.key: _value(pair.value) for pair in pairs}


def _span(resource, scope, span):
    """All that a span says; nothing of it may get lost on the way."""
    return {
        "resource": _attributes(resource.attributes),
        "scope": (scope.name, scope.version, _attributes(scope.attributes)),
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "trace_state": span.trace_state,
        "name": span.name,
        "kind": trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        "time": (span.start_time_unix_nano, span.end_time_unix_nano),
        "attributes": _attributes(span.attributes),
        "events": [(e.time_unix_nano, e.name, _attributes(e.attributes)) for e in span.events],
        "links": [
            (l.trace_id.hex(), l.span_id.hex(), _attributes(l.attributes)) for l in span.links
        ],
        "status": (span.status.code, span.status.message),
        "dropped": (
            span.dropped_attributes_count,
            span.dropped_events_count,
            span.dropped_links_count,
        ),
    }


def spans_of(resource_spans):
    """The spans of resource_spans messages, by span id."""
    return {
        span.span_id.hex(): _span(of_resource.resource, of_scope.scope, span)
        for of_resource in resource_spans
        for of_scope in of_resource.scope_spans
        for span in of_scope.spans
    }


def fetch(tempo, trace_id):
    """A trace by its id, as Grafana asks for it; no spans when it is not there."""
    answer = http.request(f"{tempo.url}/api/v2/traces/{trace_id}")
    if answer.status == 404:
        return {}
    assert answer.status == 200, answer.text()
    trace = answer.json().get("trace", {})
    return spans_of(json_format.ParseDict(trace, trace_pb2.TracesData()).resource_spans)


def service(span):
    return span["resource"]["service.name"][1]


def attribute(span, key):
    """The value without its type; None when there is none."""
    value = span["attributes"].get(key)
    return value[1] if value else None


def tree(spans):
    """A line a span, "SERVICE NAME KIND", children below and behind their parent by start time;
    " ERROR" where the status is that."""
    children = {}
    for span in spans.values():
        parent = span["parent"] if span["parent"] in spans else ""
        children.setdefault(parent, []).append(span)

    def lines(parent, depth):
        for span in sorted(children.get(parent, []), key=lambda span: span["time"]):
            error = " ERROR" if span["status"][0] == trace_pb2.Status.STATUS_CODE_ERROR else ""
            yield f"{'  ' * depth}{service(span)} {span['name']} {span['kind']}{error}"
            yield from lines(span["span_id"], depth + 1)

    return list(lines("", 0))


class Tap:
    """Takes spans and keeps them. With an endpoint it stands before that: what comes is passed on as
    it is."""

    EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

    def __init__(self, endpoint=None):
        self._lock = threading.Lock()
        self._spans = {}
        self._forward = lambda _data, **_options: b""
        if endpoint:
            self._channel = grpc.insecure_channel(endpoint.removeprefix("http://"))
            self._forward = self._channel.unary_unary(self.EXPORT)
        self._server = grpc.server(futures.ThreadPoolExecutor(4))
        service_name, method = self.EXPORT[1:].split("/")
        export = grpc.unary_unary_rpc_method_handler(self._export)
        self._server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(service_name, {method: export})]
        )
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        self.endpoint = f"http://127.0.0.1:{port}"

    def _export(self, data, _context):
        request = trace_service_pb2.ExportTraceServiceRequest.FromString(data)
        answer = self._forward(data, timeout=10)
        with self._lock:
            self._spans |= spans_of(request.resource_spans)
        return answer

    def trace(self, trace_id):
        with self._lock:
            return {i: span for i, span in self._spans.items() if span["trace_id"] == trace_id}

    def stop(self):
        self._server.stop(0).wait()
