#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What can be said of compose/ without Docker. What is said above a test is what would be broken."""

import functools
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import urllib.parse

import yaml

import dockerfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "compose"

# The one that Docker's socket is shown to has to be the socket's owner, or of its group, which nobody
# knows beforehand; compose.yaml says more.
MAY_BE_ROOT = {"docker-api"}
# What Tempo makes of spans. Histograms have _bucket, _sum and _count.
METRICS = {
    "traces_spanmetrics_calls_total",
    "traces_spanmetrics_latency_bucket",
    "traces_service_graph_request_total",
    "traces_service_graph_request_failed_total",
    "traces_service_graph_request_server_seconds_bucket",
}


def with_defaults(text):
    """Variables replaced by their defaults, the way Compose, Tempo and Loki do it."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*))?\}", lambda m: m[2] or "", text)


@functools.cache
def load(path):
    return yaml.safe_load(with_defaults((COMPOSE / path).read_text()))


def services():
    return load("compose.yaml")["services"]


def built():
    return {name: service for name, service in services().items() if "build" in service}


@functools.cache
def stages():
    return dockerfile.parse(COMPOSE / "Dockerfile")


def published(service):
    """Pairs (variable, port) of the ports that a service opens to the machine, by default as the same."""
    text = (COMPOSE / "compose.yaml").read_text()
    block = re.search(rf"\n  {service}:\n((?:    .*\n|\n)*)", text)[1]
    return re.findall(r"\$\{PUBLISH_ADDRESS:-127\.0\.0\.1\}:\$\{(\w+):-(\d+)\}:\2\"", block)


@functools.cache
def demo_ports():
    """The table of ./demo: (service, variable, port)."""
    script = f"source {ROOT}/scripts/demo/services.sh && printf '%s\\n' \"${{PORTS[@]}}\""
    lines = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split() for line in lines.stdout.splitlines()]


def data_sources():
    return load("grafana/provisioning/datasources/datasources.yaml")["datasources"]


@functools.cache
def dashboards():
    return {
        path.stem: json.loads(path.read_text())
        for path in (COMPOSE / "grafana/dashboards").glob("*.json")
    }


def panels():
    return [
        (uid, panel)
        for uid, board in dashboards().items()
        for panel in board["panels"]
        if panel["type"] != "row"
    ]


def values_of(key, tree):
    """Every value that stands under the key, however deep."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            yield from values_of(key, value)
    elif isinstance(tree, list):
        for value in tree:
            yield from values_of(key, value)


class Containers(unittest.TestCase):
    # Somebody who gets into a program would own its container, and through it perhaps the machine.
    def test_every_container_is_contained(self):
        for name, service in services().items():
            with self.subTest(service=name):
                self.assertTrue(service["read_only"])
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertIn("no-new-privileges:true", service["security_opt"])
                self.assertNotIn("privileged", service)
                self.assertNotIn("cap_add", service)
                if name not in MAY_BE_ROOT:
                    self.assertRegex(str(service["user"]), r"^[1-9]\d*:\d+$")

    # One container could take the machine's memory, its processes, or its disk.
    def test_every_container_has_limits(self):
        for name, service in services().items():
            with self.subTest(service=name):
                self.assertGreater(service["cpus"], 0)
                self.assertRegex(service["mem_limit"], r"^\d+[mg]$")
                self.assertGreater(service["pids_limit"], 0)
                self.assertIn("max-size", service["logging"]["options"])
                self.assertIn("max-file", service["logging"]["options"])
                self.assertEqual(service["restart"], "unless-stopped")

    # Nobody would know that one is ill, and those that wait for it would start too early.
    def test_every_container_has_a_health_check(self):
        for name, service in services().items():
            with self.subTest(service=name):
                self.assertEqual(service["healthcheck"]["test"][0], "CMD")
                for other, how in service.get("depends_on", {}).items():
                    self.assertIn(other, services())
                    self.assertEqual(how["condition"], "service_healthy")

    # A service would start before the one it calls.
    def test_services_wait_for_those_they_call(self):
        for name, service in built().items():
            with self.subTest(service=name):
                called = {
                    re.match(r"http://([\w-]+):", url)[1]
                    for key, url in service["environment"].items()
                    if key.endswith("_SERVICE_URL")
                }
                self.assertEqual(called, set(service.get("depends_on", {})))

    # Tomorrow's images would be others than those that were tried.
    def test_images_are_pinned(self):
        for name, service in services().items():
            with self.subTest(service=name):
                if "build" in service:
                    self.assertEqual(service["image"], f"meshwork/{name}:local")
                else:
                    self.assertRegex(service["image"], r"^[\w./-]+:v?\d+\.\d+\.\d+$")
        self.assertRegex(
            (COMPOSE / "Dockerfile").read_text(), r"\nARG DEBIAN=debian:12\.\d+-slim\n"
        )

    # Data would be gone with the container, or a container not start.
    def test_what_is_mounted_exists(self):
        volumes = load("compose.yaml")["volumes"]
        used = set()
        for name, service in services().items():
            with self.subTest(service=name):
                for mount in service.get("volumes", []):
                    source, _, rest = mount.partition(":")
                    if source.startswith("./"):
                        self.assertTrue((COMPOSE / source).exists(), source)
                        self.assertTrue(rest.endswith(":ro"), mount)
                    elif not source.startswith("/"):
                        used.add(source)
        self.assertEqual(used, set(volumes))

    # The demo would be open to the whole network.
    def test_ports_are_open_to_this_machine_only(self):
        for name, service in services().items():
            with self.subTest(service=name):
                self.assertEqual(len(published(name)), len(service.get("ports", [])))
                for port in service.get("ports", []):
                    self.assertTrue(port.startswith("127.0.0.1:"), port)

    # What works with ./demo would be somewhere else here.
    def test_ports_are_those_of_the_demo(self):
        stands_for = {"lens": "tempo"}
        for service, variable, port in demo_ports():
            self.assertIn((variable, port), published(stands_for.get(service, service)))

    # What the files say would not be what Compose takes, the old one or the new.
    def test_compose_takes_it(self):
        tools = [["docker", "compose"], ["docker-compose"]]
        tools = [
            tool
            for tool in tools
            if shutil.which(tool[0])
            and subprocess.run([*tool, "version"], capture_output=True).returncode == 0
        ]
        for tool in tools:
            for arguments, folder in ((["-f", "compose/compose.yaml"], ROOT), ([], COMPOSE)):
                with self.subTest(tool=tool, folder=folder):
                    run = subprocess.run(
                        [*tool, *arguments, "config"], cwd=folder, capture_output=True, text=True
                    )
                    self.assertEqual(run.returncode, 0, run.stderr)
        if not tools:
            self.skipTest("neither 'docker compose' nor docker-compose is here")

    # Containers of another folder called "compose" would be taken for ours, and Alloy find no lines.
    def test_the_project_has_a_name(self):
        self.assertIn("COMPOSE_PROJECT_NAME=meshwork\n", (COMPOSE / ".env").read_text())
        self.assertEqual(services()["alloy"]["environment"]["COMPOSE_PROJECT_NAME"], "meshwork")


class Images(unittest.TestCase):
    # An image would lack a program, run another one, or run as root.
    def test_every_service_has_a_target(self):
        for name, service in built().items():
            with self.subTest(service=name):
                self.assertEqual(service["build"]["target"], name)
                stage = stages()[name]
                self.assertEqual(stage.exec["ENTRYPOINT"], [name])
                self.assertEqual(stage.exec["USER"], service["user"])
                self.assertEqual(stage.exec["HEALTHCHECK"], service["healthcheck"]["test"][1:])
                self.assertEqual([stage.exec["EXPOSE"]], [port for _, port in published(name)])

    # Data would not be where it is kept, or where nobody may write.
    def test_data_is_in_the_volume(self):
        for name, service in built().items():
            folder = stages()[name].exec["ENV"]["DATA_DIR"]
            if name != "api-gateway":
                self.assertTrue(service["volumes"][0].endswith(":" + folder), name)

    # Tests would be part of images, or a change of one have everything built anew.
    def test_the_context_holds_what_is_built_and_no_more(self):
        files = set(dockerfile.context_files(ROOT))
        self.assertLessEqual(
            {
                "demo",
                "CMakeLists.txt",
                "compose/http-health",
                "compose/runtime-packages",
                "cmake/fetch-upb-headers.sh",
                "protos/shop/order/v1/order.proto",
            },
            files,
        )
        folders = {path.split("/")[0] for path in files}
        self.assertFalse(folders & {"tests", "docs", "build", ".git", ".demo"})


class Configurations(unittest.TestCase):
    # A file would be no good without containers, or Tempo get an empty word.
    def test_every_variable_has_a_default(self):
        for name in ("tempo.yaml", "loki.yaml"):
            for variable in re.findall(r"\$\{[^}]*\}", (COMPOSE / name).read_text()):
                self.assertRegex(variable, r"^\$\{[A-Z_]+:-[^}]+\}$")

    # Spans would arrive where nobody listens.
    def test_tempo_listens_where_compose_says(self):
        tempo = load("tempo.yaml")
        otlp = tempo["distributor"]["receivers"]["otlp"]["protocols"]
        here = {
            otlp["grpc"]["endpoint"],
            otlp["http"]["endpoint"],
            f"0.0.0.0:{tempo['server']['http_listen_port']}",
        }
        self.assertEqual(here, {f"0.0.0.0:{port}" for _, port in published("tempo")})
        for service in built().values():
            self.assertEqual(
                service["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"], "http://tempo:4317"
            )

    # There would be no metrics of spans, or none that lead back to traces; fresh traces would hide.
    def test_tempo_makes_metrics_and_hides_nothing(self):
        tempo = load("tempo.yaml")
        generator = tempo["metrics_generator"]
        self.assertEqual(
            generator["registry"]["external_labels"],
            {"source": "tempo", "cluster": "docker-compose"},
        )
        write = generator["storage"]["remote_write"][0]
        self.assertEqual(write["url"], "http://prometheus:9090/api/v1/write")
        self.assertTrue(write["send_exemplars"])
        processors = tempo["overrides"]["defaults"]["metrics_generator"]["processors"]
        self.assertEqual(set(processors), {"service-graphs", "span-metrics"})
        self.assertEqual(tempo["query_frontend"]["query_end_cutoff"], "0s")
        command = services()["prometheus"]["command"]
        self.assertIn("--web.enable-remote-write-receiver", command)
        self.assertIn("--enable-feature=exemplar-storage", command)

    # Every trace would make streams of its own in Loki, until it refuses them.
    def test_labels_have_few_values(self):
        alloy = (COMPOSE / "config.alloy").read_text()
        self.assertEqual(
            set(re.findall(r'target_label\s*=\s*"(\w+)"', alloy)), {"service", "container"}
        )
        labels = re.search(r"stage\.labels \{\s*values = \{(.*)\}", alloy)[1]
        self.assertEqual(re.findall(r"(\w+) =", labels), ["level"])
        kept = re.search(r"stage\.structured_metadata \{\s*values = \{(.*)\}", alloy)[1]
        self.assertEqual(re.findall(r"(\w+) =", kept), ["trace_id", "span_id"])

    # Alloy would look for what our lines do not say.
    def test_alloy_reads_what_the_mesh_writes(self):
        alloy = (COMPOSE / "config.alloy").read_text()
        written = (ROOT / "mesh/include/mesh/log.h").read_text()
        wanted = re.findall(r"(?:expressions|mapping)\s*= \{(.*)\}", alloy)
        self.assertEqual(len(wanted), 2)
        for fields in wanted:
            for field in re.findall(r"(\w+) =", fields):
                self.assertIn(f"{field}=", written)
                self.assertIn(f'"{field}":', written)


class Grafana(unittest.TestCase):
    # A click would lead nowhere.
    def test_data_sources_refer_to_each_other(self):
        uids = [source["uid"] for source in data_sources()]
        self.assertEqual(sorted(uids), ["loki", "prometheus", "tempo"])
        for uid in values_of("datasourceUid", data_sources()):
            self.assertIn(uid, uids)
        by_uid = {source["uid"]: source["jsonData"] for source in data_sources()}
        self.assertEqual(by_uid["tempo"]["serviceMap"]["datasourceUid"], "prometheus")
        self.assertEqual(by_uid["tempo"]["tracesToLogsV2"]["datasourceUid"], "loki")
        self.assertEqual(by_uid["tempo"]["tracesToMetrics"]["datasourceUid"], "prometheus")
        self.assertTrue(by_uid["tempo"]["nodeGraph"]["enabled"])
        self.assertEqual(
            by_uid["prometheus"]["exemplarTraceIdDestinations"][0]["datasourceUid"], "tempo"
        )

    # A log line would not lead to its trace.
    def test_the_derived_field_finds_the_trace_id(self):
        loki = next(source for source in data_sources() if source["uid"] == "loki")
        patterns = [
            field["matcherRegex"]
            for field in loki["jsonData"]["derivedFields"]
            if field["matcherType"] == "regex"
        ]
        trace = "0af7651916cd43dd8448eb211c80319c"
        line = f"time=2026-11-20T10:00:00.123456Z level=info service=x trace_id={trace} span_id=b7ad6b7169203331 msg=call"
        self.assertEqual([re.search(pattern, line)[1] for pattern in patterns], [trace])

    # A panel would say "data source not found".
    def test_panels_ask_data_sources_that_exist(self):
        kinds = {source["uid"]: source["type"] for source in data_sources()}
        for uid, panel in panels():
            with self.subTest(dashboard=uid, panel=panel["title"]):
                for source in [
                    panel["datasource"],
                    *(target["datasource"] for target in panel["targets"]),
                ]:
                    self.assertEqual(kinds[source["uid"]], source["type"])

    # A panel would stay empty for ever.
    def test_panels_ask_for_metrics_that_tempo_makes(self):
        for uid, panel in panels():
            for target in panel["targets"]:
                with self.subTest(dashboard=uid, panel=panel["title"]):
                    if target["datasource"]["uid"] == "prometheus":
                        self.assertTrue(
                            set(re.findall(r"traces_\w+", target["expr"])) <= METRICS,
                            target["expr"],
                        )
                    for name in re.findall(
                        r'service(?:\.name)? ?= ?"([\w-]+)"', json.dumps(target).replace("\\", "")
                    ):
                        self.assertIn(name, built())

    # Labels that Tempo is not told to make are on no metric.
    def test_panels_group_by_labels_that_are_made(self):
        dimensions = load("tempo.yaml")["metrics_generator"]["processor"]["span_metrics"][
            "dimensions"
        ]
        made = {name.replace(".", "_") for name in dimensions}
        made |= {
            "le",
            "service",
            "span_name",
            "span_kind",
            "status_code",
            "client",
            "server",
            "level",
        }
        for _, panel in panels():
            for expression in (target.get("expr", "") for target in panel["targets"]):
                for group in re.findall(r"by \(([^)]*)\)", expression):
                    self.assertLessEqual(set(group.split(", ")), made, expression)

    # Panels would lie upon each other, or one id show another's panel.
    def test_dashboards_are_well_formed(self):
        self.assertEqual(set(dashboards()), {"mesh-at-a-glance", "one-orders-life"})
        for name, board in dashboards().items():
            self.assertEqual(board["uid"], name)
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)))
            cells = [
                (x, y)
                for panel in board["panels"]
                for place in [panel["gridPos"]]
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            ]
            self.assertEqual(len(cells), len(set(cells)))
            self.assertLess(max(x for x, _ in cells), 24)

    # Links between the dashboards, and those that ./demo prints, would be dead.
    def test_links_lead_to_dashboards(self):
        texts = [json.dumps(board) for board in dashboards().values()]
        texts.append((ROOT / "scripts/demo/grafana.sh").read_text())
        texts += [path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
        linked = {
            name for text in texts for name in re.findall(r"(?:\"|GRAFANA|3000)/d/([\w-]+)", text)
        }
        self.assertEqual(linked, set(dashboards()))

    # A link of the pages would open Explore empty, or with an error.
    def test_links_into_explore_are_filled_in(self):
        kinds = {source["uid"]: source["type"] for source in data_sources()}
        for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
            for encoded in re.findall(
                r"localhost:3000/explore\?schemaVersion=1&orgId=1&panes=([^)\s]+)", path.read_text()
            ):
                with self.subTest(page=path.name, link=encoded):
                    (pane,) = json.loads(urllib.parse.unquote(encoded)).values()
                    (query,) = pane["queries"]
                    self.assertEqual(kinds[pane["datasource"]], query["datasource"]["type"])
                    self.assertEqual(pane["datasource"], query["datasource"]["uid"])
                    self.assertTrue(
                        query.get("expr")
                        or query.get("query")
                        or query["queryType"] == "serviceMap"
                    )

    # The first page would be an empty one.
    def test_the_home_dashboard_is_there(self):
        home = services()["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        provider = load("grafana/provisioning/dashboards/dashboards.yaml")["providers"][0]
        self.assertEqual(home, provider["options"]["path"] + "/mesh-at-a-glance.json")
        self.assertIn(
            f"./grafana/dashboards:{provider['options']['path']}:ro",
            services()["grafana"]["volumes"],
        )


if __name__ == "__main__":
    unittest.main()
