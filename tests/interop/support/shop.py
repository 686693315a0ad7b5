# SPDX-License-Identifier: Apache-2.0
"""The shop's own programs, each on a port that the system picks."""

from . import http
from .process import BIN, Program, wait_until

# Every program of the shop, in an order in which each comes after those that it calls: the variable
# that tells others where it is, and the gRPC service that it has.
SERVICES = {
    "fraud-service": ("FRAUD_SERVICE_URL", "shop.fraud.v1.FraudService"),
    "payment-service": ("PAYMENT_SERVICE_URL", "shop.payment.v1.PaymentService"),
    "warehouse-service": ("WAREHOUSE_SERVICE_URL", "shop.warehouse.v1.WarehouseService"),
    "inventory-service": ("INVENTORY_SERVICE_URL", "shop.inventory.v1.InventoryService"),
    "order-service": ("ORDER_SERVICE_URL", "shop.order.v1.OrderService"),
    "api-gateway": (None, None),
}

# As logfmt and as JSON.
LISTENING = r"\bmsg\W+listening\b.*\bport\W+(\d+)"


class Shop:
    """Runs from the constructor to stop(). `endpoint` is where spans go, `environment` is for all."""

    def __init__(self, folder, endpoint, environment=None):
        self.programs = {}
        self.ports = {}
        self.environment = {
            "LISTEN_ADDRESS": "127.0.0.1:0",
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
            **(environment or {}),
        }
        try:
            for name, (variable, _) in SERVICES.items():
                self._start(name, variable, folder)
            self.gateway = f"http://127.0.0.1:{self.ports['api-gateway']}"
            wait_until("GET /health", lambda: http.request(self.gateway + "/health").status == 200)
        except BaseException:
            self.kill()
            raise

    def _start(self, name, variable, folder):
        data = folder / f"{name}-data"
        data.mkdir()
        program = Program(name, [BIN / name], folder, {**self.environment, "DATA_DIR": str(data)})
        self.programs[name] = program
        self.ports[name] = int(program.wait_log(LISTENING))
        if variable:
            self.environment[variable] = f"http://127.0.0.1:{self.ports[name]}"

    def order(self, product="laptop-001", quantity=1, **headers):
        """POST /orders"""
        return http.request(
            self.gateway + "/orders",
            body={"product_id": product, "quantity": quantity},
            headers=headers,
        )

    def place(self, item="sku001", quantity=1, amount=49.99, **headers):
        """POST /api/order"""
        return http.request(
            self.gateway + "/api/order",
            body={
                "user_id": "123",
                "items": [{"item_id": item, "quantity": quantity}],
                "amount": amount,
                "payment_method": "credit_card",
                "shipping_address": "10 Main Street, CA",
            },
            headers=headers,
        )

    def stop(self):
        """Those that call before those that are called; every exit code has to be 0."""
        codes = {name: self.programs[name].stop() for name in reversed(self.programs)}
        if any(codes.values()):
            logs = "\n".join(p.log()[-2000:] for n, p in self.programs.items() if codes[n])
            raise AssertionError(f"exit codes: {codes}\n{logs}")

    def kill(self):
        for program in self.programs.values():
            program.process.kill()
            program.process.wait()
