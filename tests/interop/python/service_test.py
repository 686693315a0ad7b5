# SPDX-License-Identifier: Apache-2.0
"""A Python service with the official OpenTelemetry SDK calls the gateway."""

import json
import pathlib
import sys

from support import case, http, traces
from support.process import Program, wait_until
from support.shop import Shop


class PythonService(case.Case):
    @classmethod
    def start(cls, folder):
        cls.tap = cls.own(traces.Tap())
        cls.shop = cls.own(Shop(folder, cls.tap.endpoint))
        cls.checkout = cls.own(
            Program(
                "checkout",
                [sys.executable, pathlib.Path(__file__).with_name("checkout.py")],
                folder,
                {
                    "GATEWAY_URL": cls.shop.gateway,
                    "OTEL_EXPORTER_OTLP_ENDPOINT": cls.tap.endpoint,
                    "OTEL_SERVICE_NAME": "checkout",
                    "OTEL_BSP_SCHEDULE_DELAY": "50",
                },
            )
        )
        cls.url = "http://127.0.0.1:" + cls.checkout.wait_log(r"^port=(\d+)$")

    def names(self, trace_id):
        return {span["name"] for span in self.tap.trace(trace_id).values()}

    def checkout_trace(self, trace_id, traceparent):
        """A checkout with this context, and its spans once the last of the shop's is there."""
        headers = {"traceparent": traceparent, "baggage": "customer=amelie"}
        answer = http.request(self.url + "/checkout", headers=headers)
        self.assertEqual(answer.status, 200)
        for name in ("GET /checkout", "POST", "POST /orders", "COMMIT orders"):
            wait_until(name, lambda: name in self.names(trace_id))
        return json.loads(answer.body), self.tap.trace(trace_id)

    # Where a company's services meet, the trace would fall into two.
    def test_one_trace_across_both(self):
        trace_id = "5af7651916cd43dd8448eb211c80319c"
        order, spans = self.checkout_trace(trace_id, f"00-{trace_id}-b7ad6b7169203331-01")
        self.assertIn("order_id", order)
        lines = traces.tree(spans)
        self.assertEqual(
            lines[:4],
            [
                "checkout GET /checkout SERVER",
                "  checkout POST CLIENT",
                "    api-gateway POST /orders SERVER",
                "      api-gateway process_order_request INTERNAL",
            ],
        )
        # Only the first has a parent that is not among them: the one that the client made up.
        strangers = [s["parent"] for s in spans.values() if s["parent"] not in spans]
        self.assertEqual(strangers, ["b7ad6b7169203331"])

    # What the SDK decided not to record, the mesh would record all the same.
    def test_the_sdks_sampling_is_kept(self):
        quiet, loud = "6af7651916cd43dd8448eb211c80319c", "7af7651916cd43dd8448eb211c80319c"
        http.request(
            self.url + "/checkout", headers={"traceparent": f"00-{quiet}-b7ad6b7169203331-00"}
        )
        self.checkout_trace(loud, f"00-{loud}-b7ad6b7169203331-01")
        self.assertEqual(self.tap.trace(quiet), {})


if __name__ == "__main__":
    case.main()
