# SPDX-License-Identifier: Apache-2.0
"""A Python gRPC client with stubs that grpcio-tools generates from our .proto files."""

import importlib
import importlib.resources
import signal
import sys
import tempfile

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import proto_reflection_descriptor_database as reflection
from grpc_status import rpc_status
from grpc_tools import protoc
from support import case, traces
from support.process import SOURCE, wait_until
from support.shop import SERVICES, Shop

# A call that every service answers with nothing in its stores.
FIRST_CALLS = {
    "fraud-service": ("ListDecisions", {}),
    "payment-service": ("ListPayments", {}),
    "warehouse-service": ("ListStock", {}),
    "inventory-service": ("ListItems", {"page_size": 3}),
    "order-service": ("ListOrders", {"page_size": 1}),
}


def generate(folder):
    """The stubs of our own services; Google's own messages come with grpcio's packages."""
    protos = SOURCE / "protos"
    ours = [p for root in ("shop", "meshwork") for p in (protos / root).rglob("*.proto")]
    well_known = importlib.resources.files("grpc_tools") / "_proto"
    code = protoc.main(
        ["protoc", f"-I{protos}", f"-I{well_known}", f"--python_out={folder}"]
        + [f"--grpc_python_out={folder}", *map(str, ours)]
    )
    assert code == 0, f"protoc: {code}"
    sys.path.insert(0, folder)


def module_of(service, suffix):
    """shop.order.v1.OrderService: shop.order.v1.order_pb2"""
    package = service.rpartition(".")[0]
    return importlib.import_module(f"{package}.{package.split('.')[1]}_{suffix}")


class PythonClient(case.Case):
    @classmethod
    def start(cls, folder):
        stubs = tempfile.TemporaryDirectory(prefix="meshwork-stubs-")
        cls.addClassCleanup(stubs.cleanup)
        generate(stubs.name)
        cls.tap = cls.own(traces.Tap())
        cls.shop = cls.own(Shop(folder, cls.tap.endpoint))
        cls.channels = {}
        for name in cls.shop.programs:
            if SERVICES[name][1]:
                channel = grpc.insecure_channel(f"127.0.0.1:{cls.shop.ports[name]}")
                cls.addClassCleanup(channel.close)
                cls.channels[name] = channel

    def stub(self, name):
        service = SERVICES[name][1]
        stub = getattr(module_of(service, "pb2_grpc"), service.rpartition(".")[2] + "Stub")
        return stub(self.channels[name]), module_of(service, "pb2")

    def assert_fails(self, code, call, *arguments, **options):
        with self.assertRaises(grpc.RpcError) as failed:
            call(*arguments, **options)
        self.assertEqual(failed.exception.code(), code)
        return failed.exception

    # Another language's client could not call a service.
    def test_unary_calls_of_every_service(self):
        for name in self.channels:
            with self.subTest(name):
                stub, messages = self.stub(name)
                method, fields = FIRST_CALLS[name]
                request = getattr(messages, method + "Request")(**fields)
                reply = getattr(stub, method)(request, timeout=20)
                self.assertEqual(type(reply).__name__, method + "Response")

    # What is bought in another language would not be what the shop has sold.
    def test_an_order_is_placed_and_found(self):
        orders, messages = self.stub("order-service")
        request = messages.CreateOrderRequest(
            product_id="phone-001", quantity=2, idempotency_key="from-python"
        )
        order = orders.CreateOrder(request, timeout=20)
        self.assertEqual(order.status, messages.ORDER_STATUS_CONFIRMED)
        self.assertEqual((order.product_id, order.quantity), ("phone-001", 2))
        self.assertAlmostEqual(order.total, 2 * order.unit_price)
        self.assertEqual(orders.CreateOrder(request, timeout=20), order)
        found = orders.GetOrder(messages.GetOrderRequest(order_id=order.order_id), timeout=20)
        self.assertEqual(found, order)

    # A stream from the server would not arrive message by message, or not end when it is cancelled.
    def test_a_server_stream_of_every_service(self):
        for name, channel in self.channels.items():
            with self.subTest(name):
                watch = health_pb2_grpc.HealthStub(channel).Watch(
                    health_pb2.HealthCheckRequest(service=SERVICES[name][1]), timeout=20
                )
                self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.SERVING)
                watch.cancel()
                with self.assertRaises(grpc.RpcError):
                    next(watch)
                self.assertEqual(watch.code(), grpc.StatusCode.CANCELLED)

    # A stream both ways would stall; generic clients would not find what there is.
    def test_a_stream_both_ways_of_every_service(self):
        for name, channel in self.channels.items():
            with self.subTest(name):
                service = SERVICES[name][1]
                database = reflection.ProtoReflectionDescriptorDatabase(channel)
                self.assertIn(service, database.get_services())
                pool = descriptor_pool.DescriptorPool(database)
                method, _ = FIRST_CALLS[name]
                described = pool.FindServiceByName(service).FindMethodByName(method)
                request = message_factory.GetMessageClass(described.input_type)
                reply = message_factory.GetMessageClass(described.output_type)
                call = channel.unary_unary(
                    f"/{service}/{method}", request.SerializeToString, reply.FromString
                )
                self.assertEqual(call(request(), timeout=20).DESCRIPTOR.name, method + "Response")

    # A stream's deadline would be forgotten.
    def test_a_streams_deadline(self):
        for name, channel in self.channels.items():
            with self.subTest(name):
                watch = health_pb2_grpc.HealthStub(channel).Watch(
                    health_pb2.HealthCheckRequest(service="no.Service"), timeout=0.5
                )
                self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.SERVICE_UNKNOWN)
                with self.assertRaises(grpc.RpcError):
                    next(watch)
                self.assertEqual(watch.code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    # A caller's deadline would not reach the service behind the one it calls.
    def test_a_deadline_goes_through(self):
        orders, messages = self.stub("order-service")
        inventory = self.shop.programs["inventory-service"].process
        trace_id = "8af7651916cd43dd8448eb211c80319c"
        inventory.send_signal(signal.SIGSTOP)
        try:
            self.assert_fails(
                grpc.StatusCode.DEADLINE_EXCEEDED,
                orders.CreateOrder,
                messages.CreateOrderRequest(product_id="laptop-001", quantity=1),
                timeout=1,
                metadata=[("traceparent", f"00-{trace_id}-b7ad6b7169203331-01")],
            )
            self.wait_for_deadline_below(trace_id)
        finally:
            inventory.send_signal(signal.SIGCONT)

    def wait_for_deadline_below(self, trace_id):
        """The order service has given up on the inventory, and not later than it was told to."""

        def call_below():
            for span in self.tap.trace(trace_id).values():
                if span["kind"] == "CLIENT" and "InventoryService" in span["name"]:
                    return span

        span = wait_until("the order service's call", call_below)
        self.assertIn(
            traces.attribute(span, "rpc.response.status_code"), ("DEADLINE_EXCEEDED", "CANCELLED")
        )
        self.assertLess(span["time"][1] - span["time"][0], 2e9)

    # A program could not tell what was wrong with what it sent.
    def test_error_details(self):
        orders, messages = self.stub("order-service")
        error = self.assert_fails(
            grpc.StatusCode.INVALID_ARGUMENT,
            orders.CreateOrder,
            messages.CreateOrderRequest(product_id="laptop-001", quantity=0),
            timeout=20,
        )
        status = rpc_status.from_call(error)
        self.assertEqual(status.message, error.details())
        bad = error_details_pb2.BadRequest()
        self.assertTrue(any(detail.Unpack(bad) for detail in status.details))
        self.assertEqual([violation.field for violation in bad.field_violations], ["quantity"])

    # An outcome of the shop would look like a failure of its programs.
    def test_codes(self):
        orders, messages = self.stub("order-service")
        inventory, items = self.stub("inventory-service")
        self.assert_fails(
            grpc.StatusCode.NOT_FOUND,
            inventory.GetItem,
            items.GetItemRequest(product_id="no-such-thing"),
            timeout=20,
        )
        self.assert_fails(
            grpc.StatusCode.NOT_FOUND,
            orders.GetOrder,
            messages.GetOrderRequest(order_id="no-such-order"),
            timeout=20,
        )
        unknown = self.channels["order-service"].unary_unary("/shop.order.v1.OrderService/Nothing")
        self.assert_fails(grpc.StatusCode.UNIMPLEMENTED, unknown, b"", timeout=20)


if __name__ == "__main__":
    case.main()
