# SPDX-License-Identifier: Apache-2.0
"""Orders' traces in the real Tempo, as Grafana finds them there."""

import pathlib

from support import case, http, peers, traces
from support.process import wait_until
from support.shop import Shop


def tree(name):
    return pathlib.Path(__file__).with_name(name).read_text().splitlines()


# The traces of an order of one product (POST /orders), and of one that goes through every service
# (POST /api/order), each database operation below the step that made it.
CREATED, PLACED = tree("created.tree"), tree("placed.tree")


class DirectlyToTempo(case.Case):
    """As under compose: nothing between the mesh and Tempo."""

    @classmethod
    def start(cls, folder):
        cls.tempo = cls.own(peers.Tempo(folder)).wait_ready()
        cls.shop = cls.own(Shop(folder, cls.tempo.otlp_grpc))

    def fetched(self, trace_id, count):
        """The spans of a trace by its id, once there are so many."""
        return wait_until(
            f"{count} spans of {trace_id}",
            lambda: len(spans := traces.fetch(self.tempo, trace_id)) >= count and spans,
        )

    def found(self, query, trace_id):
        """What a search says of a trace, once it finds it."""

        def search():
            found = {t["traceID"].zfill(32): t for t in self.tempo.search(query)}
            return found.get(trace_id)

        return wait_until(f"{trace_id} among {query}", search)

    # An order's trace would have holes in Grafana.
    def test_an_order_by_id(self):
        answer = self.shop.order()
        self.assertEqual(answer.status, 201)
        spans = self.fetched(answer.headers["x-trace-id"], len(CREATED))
        self.assertEqual(traces.tree(spans), CREATED)

    # Grafana of version 10 and before, which asks by this path, would show nothing.
    def test_an_order_by_the_old_path(self):
        trace_id = self.shop.order().headers["x-trace-id"]
        self.fetched(trace_id, len(CREATED))
        answer = http.get_json(f"{self.tempo.url}/api/traces/{trace_id}")
        count = sum(len(s["spans"]) for batch in answer["batches"] for s in batch["scopeSpans"])
        self.assertEqual(count, len(CREATED))

    # Who looks for failed orders would not find them, or would find others.
    def test_failing_orders_by_traceql(self):
        answer = self.shop.order(quantity=1_000_000)
        self.assertGreaterEqual(answer.status, 400)
        good = self.shop.order().headers["x-trace-id"]
        query = '{ resource.service.name = "order-service" && status = error }'
        found = self.found(query, answer.headers["x-trace-id"])
        self.assertEqual(found["rootServiceName"], "api-gateway")
        self.assertEqual(found["rootTraceName"], "POST /orders")
        self.assertGreaterEqual(found["serviceStats"]["order-service"]["errorCount"], 1)
        self.found('{ span.order.status = "CONFIRMED" }', good)
        failed = {t["traceID"].zfill(32) for t in self.tempo.search(query)}
        self.assertNotIn(good, failed)

    # The attributes and events of an order could not be searched for.
    def test_searches(self):
        answer = self.shop.order("phone-001", 2)
        trace_id, order_id = answer.headers["x-trace-id"], answer.json()["order_id"]
        for query in (
            f'{{ span.order.id = "{order_id}" }}',
            '{ span.product.id = "phone-001" && span.order.quantity = 2 }',
            '{ span.http.route = "/orders" && span.http.response.status_code = 201 }',
            '{ span.rpc.method = "shop.inventory.v1.InventoryService/Reserve" && kind = server }',
            '{ resource.service.name = "api-gateway" } >> { span.db.operation.name = "INSERT" }',
            '{ event:name = "order.persisted" }',
            '{ name = "create_order" } | select(span.order.total)',
        ):
            with self.subTest(query):
                self.found(query, trace_id)

    # The lists that Grafana's query builder offers would be empty.
    def test_tags(self):
        self.fetched(self.shop.order().headers["x-trace-id"], len(CREATED))
        url = f"{self.tempo.url}/api/v2/search/tag/resource.service.name/values"
        wanted = {"api-gateway", "order-service", "inventory-service"}
        wait_until(
            "the services among the values",
            lambda: wanted <= {tag["value"] for tag in http.get_json(url)["tagValues"]},
        )

    # Rates over traces, which Traces Drilldown draws, would be empty.
    def test_traceql_metrics(self):
        self.shop.order()
        wait_until(
            "a rate",
            lambda: http.get_json(
                f"{self.tempo.url}/api/metrics/query_range",
                q="{ kind = server } | rate() by (resource.service.name)",
                since="5m",
                step="15s",
            )["series"],
        )


class AttributeForAttribute(case.Case):
    """What Tempo has against what the mesh sent, which is kept on its way there."""

    @classmethod
    def start(cls, folder):
        cls.tempo = cls.own(peers.Tempo(folder)).wait_ready()
        cls.tap = cls.own(traces.Tap(cls.tempo.otlp_grpc))
        cls.shop = cls.own(Shop(folder, cls.tap.endpoint, {"FRAUD_ALLOW_FORCED_OUTCOME": "true"}))

    def assert_kept(self, trace_id, is_complete):
        """Both have the same spans, in every field, once those that were sent are complete."""
        sent = wait_until(
            f"the spans of {trace_id}",
            lambda: is_complete(spans := self.tap.trace(trace_id)) and spans,
        )
        kept = wait_until(
            f"{len(sent)} spans in Tempo",
            lambda: len(spans := traces.fetch(self.tempo, trace_id)) == len(sent) and spans,
        )
        for span_id, span in sent.items():
            self.assertEqual(kept[span_id], span)
        return sent

    # Something that a span says would be lost: an attribute, its type, an event, a status.
    def test_an_order(self):
        answer = self.shop.order("headphones-001", 3, tracestate="vendor=value,other=2")
        sent = self.assert_kept(
            answer.headers["x-trace-id"], lambda spans: len(spans) == len(CREATED)
        )
        by_name = {span["name"]: span for span in sent.values()}
        create = by_name["create_order"]
        self.assertEqual(traces.attribute(create, "order.id"), answer.json()["order_id"])
        self.assertEqual(create["attributes"]["order.quantity"], ("int_value", 3))
        self.assertEqual(create["attributes"]["order.total"], ("double_value", 449.97))
        self.assertTrue(by_name["persist_order"]["events"])

    # A failure's status and message would be lost.
    def test_a_failing_order(self):
        answer = self.shop.order(quantity=1_000_000)
        sent = self.assert_kept(
            answer.headers["x-trace-id"],
            lambda spans: {"POST /orders", "create_order"} <= {s["name"] for s in spans.values()},
        )
        failed = [traces.service(span) for span in sent.values() if span["status"][0]]
        self.assertIn("order-service", failed)

    # The order that goes through every service would not be one trace.
    def test_an_order_through_every_service(self):
        answer = self.shop.place(baggage="fraud.outcome=legitimate")
        self.assertEqual(answer.status, 200, answer.text())
        sent = self.assert_kept(answer.json()["trace_id"], lambda spans: len(spans) == len(PLACED))
        self.assertEqual(traces.tree(sent), PLACED)


if __name__ == "__main__":
    case.main()
