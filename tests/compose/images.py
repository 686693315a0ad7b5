#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""images.py BASE WORK

The images of compose/Dockerfile without Docker: builds every target in folders of WORK, from BASE, a
root file system of Debian 12 (debootstrap --variant=minbase bookworm BASE), then runs the services as
compose.yaml says: their user, a root file system that cannot be written, no capabilities, no new
rights, names that resolve, the health checks. Asks the gateway for an order and stops everything.

Wants root and the network, and takes some minutes; so it is run by hand and by nobody's ctest. What it
does not prove is said in docs/grafana.md.
"""

import atexit
import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.request

import yaml

import dockerfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    if LIBC.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare: this wants root")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def our_services():
    """Services that are built here, by name, with variables replaced by their defaults."""
    text = (ROOT / "compose/compose.yaml").read_text()
    text = re.sub(r"\$\{\w+(?::-([^}]*))?\}", lambda m: os.environ.get(m[0], m[1] or ""), text)
    services = yaml.safe_load(text)["services"]
    return {name: service for name, service in services.items() if "build" in service}


def by_dependence(services):
    """Names, each after what it waits for."""
    names = []
    while len(names) < len(services):
        for name, service in services.items():
            if name not in names and all(other in names for other in service.get("depends_on", {})):
                names.append(name)
    return names


class Container:
    """A service's image with what Docker would put around it."""

    def __init__(self, name, service, image, stage, work):
        self.name, self.service, self.stage = name, service, stage
        self.root = work / "run" / name
        self.root.mkdir(parents=True)
        volume = work / "volumes" / name
        subprocess.run(["cp", "-a", f"{image}/var/lib/meshwork", volume], check=True)
        mount("--bind", str(image), str(self.root))
        (image / "etc/hosts").touch()
        mount("--bind", str(work / "hosts"), str(self.root / "etc/hosts"))
        mount("-t", "proc", "proc", str(self.root / "proc"))
        mount("-t", "tmpfs", "-o", "noexec,nosuid,nodev,size=64m", "tmpfs", str(self.root / "tmp"))
        if service.get("volumes"):
            mount("--bind", str(volume), str(self.root / "var/lib/meshwork"))
        mount("-o", "remount,bind,ro", str(self.root))

    def command(self, program):
        user, group = self.service["user"].split(":")
        return [
            "chroot",
            str(self.root),
            "setpriv",
            f"--reuid={user}",
            f"--regid={group}",
            "--clear-groups",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--no-new-privs",
            "--",
            *program,
        ]

    def environment(self):
        said = {
            key: str(value)
            for key, value in self.service["environment"].items()
            if value is not None
        }
        return {"PATH": dockerfile.PATH, **self.stage.exec["ENV"], **said}

    def start(self, log):
        self.process = subprocess.Popen(
            self.command(self.stage.exec["ENTRYPOINT"]),
            env=self.environment(),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )

    def run(self, program):
        return subprocess.run(
            self.command(program), env=self.environment(), capture_output=True, text=True
        )

    def is_healthy(self):
        assert self.service["healthcheck"]["test"][1:] == self.stage.exec["HEALTHCHECK"], self.name
        return self.run(self.service["healthcheck"]["test"][1:]).returncode == 0

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def stop_what_runs(running):
    for container in running:
        if container.process.poll() is None:
            container.process.kill()


def wait_until_healthy(container):
    deadline = time.monotonic() + 20
    while not container.is_healthy():
        if container.process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"{container.name} is not healthy; its log is beside its folder")
        time.sleep(0.05)


def place_order():
    """One that takes every service."""
    order = {
        "user_id": "123",
        "items": [{"item_id": "sku001", "quantity": 1}],
        "amount": "49.99",
        "payment_method": "credit_card",
        "shipping_address": "10 Main Street, CA",
    }
    headers = {"Content-Type": "application/json", "baggage": "fraud.outcome=legitimate"}
    url = "http://127.0.0.1:8000/api/order"
    request = urllib.request.Request(url, json.dumps(order).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def run_all(stages, images, work):
    services = our_services()
    names = " ".join(services) + " tempo"
    (work / "hosts").write_text(f"127.0.0.1 localhost {names}\n")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    running = []
    atexit.register(stop_what_runs, running)
    for name in by_dependence(services):
        container = Container(name, services[name], images[name], stages[name], work)
        began = time.monotonic()
        container.start(open(work / f"{name}.log", "wb"))
        running.append(container)
        wait_until_healthy(container)
        for path in ("/usr/local/bin/x", "/etc/x", "/x"):
            assert container.run(["touch", path]).returncode != 0, f"{name} can write {path}"
        print(
            f"{name}: healthy after {time.monotonic() - began:.2f} s, {container.memory_kib()} KiB"
        )
    order = place_order()
    assert order["status"] == "success", order
    print("order:", order)
    for container in reversed(running):
        container.process.send_signal(signal.SIGTERM)
        code = container.process.wait(timeout=20)
        assert code == 0, f"{container.name} exited with {code}"
    print("all stopped with 0")


def main():
    base, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    unshare(CLONE_NEWNS)
    mount("--make-rprivate", "/")
    stages = dockerfile.parse(ROOT / "compose/Dockerfile")
    builder = dockerfile.Builder(stages, ROOT, base, work)
    images = {name: builder.build(stages[name]) for name in our_services()}
    for folder in ("run", "volumes"):
        (work / folder).mkdir()
    unshare(CLONE_NEWNET)
    run_all(stages, images, work)


if __name__ == "__main__":
    main()
