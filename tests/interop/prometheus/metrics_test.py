# SPDX-License-Identifier: Apache-2.0
"""Service graph, span metrics and exemplars: Tempo makes them of the mesh's spans and sends them to
Prometheus, where Grafana's service map and dashboards ask for them."""

import time

from support import case, http, peers, provisioning, traces
from support.process import wait_until
from support.shop import Shop

# Who calls whom for POST /orders.
EDGES = [
    ("user", "api-gateway"),
    ("api-gateway", "order-service"),
    ("order-service", "inventory-service"),
]
# ...and for POST /api/order on top.
PLACED_EDGES = [
    ("inventory-service", "warehouse-service"),
    ("order-service", "payment-service"),
    ("payment-service", "fraud-service"),
]
ORDERS = 5


class Metrics:
    """What holds for Debian's Prometheus, and for the one that compose.yaml names."""

    PROGRAM = None

    @classmethod
    def start(cls, folder):
        cls.prometheus = cls.own(peers.Prometheus(folder, cls.PROGRAM)).wait_ready()
        cls.tempo = cls.own(peers.Tempo(folder, cls.prometheus.url)).wait_ready()
        cls.shop = cls.own(Shop(folder, cls.tempo.otlp_grpc))
        cls.began = time.time()
        cls.trace_ids = {cls.shop.order().headers["x-trace-id"] for _ in range(ORDERS)}
        cls.trace_ids.add(cls.shop.order(quantity=1_000_000).headers["x-trace-id"])
        cls.trace_ids.add(cls.shop.place().headers["x-trace-id"])

    def value(self, expression):
        """The sum of what a query gives."""
        return sum(float(series["value"][1]) for series in self.prometheus.query(expression))

    def wait_value(self, expression, least):
        wait_until(f"{expression} to be {least}", lambda: self.value(expression) >= least)

    def exemplars(self, expression):
        answer = http.get_json(
            f"{self.prometheus.url}/api/v1/query_exemplars",
            query=expression,
            start=self.began - 1,
            end=time.time() + 1,
        )
        return [exemplar for series in answer["data"] for exemplar in series["exemplars"]]

    # The service map would have no edges, or others.
    def test_service_graph(self):
        for client, server in EDGES + PLACED_EDGES:
            with self.subTest(f"{client} -> {server}"):
                selector = f'{{client="{client}",server="{server}"}}'
                least = 1 if (client, server) in PLACED_EDGES else ORDERS
                self.wait_value(f"traces_service_graph_request_total{selector}", least)
                self.wait_value(
                    f"traces_service_graph_request_server_seconds_count{selector}", least
                )

    # Databases would not be drawn below the services that they belong to.
    def test_databases_in_the_service_graph(self):
        for client in ("order-service", "inventory-service"):
            selector = f'{{client="{client}",connection_type="database"}}'
            self.wait_value(f"traces_service_graph_request_total{selector}", ORDERS)

    # An edge of the service map would not turn red.
    def test_failures_in_the_service_graph(self):
        self.wait_value(
            'traces_service_graph_request_failed_total{client="api-gateway",server="order-service"}',
            1,
        )

    # Rate, errors and duration per service and operation would be empty.
    def test_span_metrics(self):
        create = "shop.order.v1.OrderService/CreateOrder"
        for selector, least in (
            ('service="api-gateway",http_route="/orders",http_response_status_code="201"', ORDERS),
            (f'service="order-service",rpc_method="{create}",span_kind="SPAN_KIND_SERVER"', ORDERS),
            ('service="order-service",span_name="create_order"', ORDERS),
            ('service="order-service",status_code="STATUS_CODE_ERROR"', 1),
        ):
            with self.subTest(selector):
                self.wait_value(f"traces_spanmetrics_calls_total{{{selector}}}", least)

    # The quantiles' buckets would be so coarse that every panel shows the same number.
    def test_buckets_tell_milliseconds_apart(self):
        name = "traces_spanmetrics_latency_bucket"
        self.wait_value(f'{name}{{service="api-gateway",le="+Inf"}}', ORDERS)
        bounds = {
            float(series["metric"]["le"])
            for series in self.prometheus.query(f"count by (le) ({name})")
        }
        self.assertGreaterEqual(len([bound for bound in bounds if bound <= 0.01]), 4, bounds)

    # A point in a graph would lead to no trace.
    def test_exemplars_name_real_traces(self):
        source = provisioning.datasources()["prometheus"]["jsonData"]
        label = source["exemplarTraceIdDestinations"][0]["name"]
        for name in (
            "traces_spanmetrics_latency_bucket",
            "traces_service_graph_request_server_seconds_bucket",
        ):
            with self.subTest(name):
                exemplars = wait_until("exemplars", lambda: self.exemplars(name))
                ids = {exemplar["labels"][label].zfill(32) for exemplar in exemplars}
                self.assertTrue(ids & self.trace_ids, ids)
                for trace_id in ids & self.trace_ids:
                    self.assertTrue(traces.fetch(self.tempo, trace_id))


class Prometheus2(Metrics, case.Case):
    PROGRAM = "prometheus"


class Prometheus3(Metrics, case.Case):
    PROGRAM = "prometheus3"


if __name__ == "__main__":
    case.main()
