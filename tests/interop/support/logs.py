# SPDX-License-Identifier: Apache-2.0
"""Log lines, and how they get to Loki under compose."""

import datetime
import json
import shlex

from . import http, provisioning


def fields(line):
    """The keys and values of a line of JSON or logfmt; of a line that is neither, nothing."""
    try:
        if line.startswith("{"):
            return json.loads(line)
        return dict(word.split("=", 1) for word in shlex.split(line) if "=" in word)
    except ValueError:
        return {}


def _nanoseconds(time):
    moment = datetime.datetime.fromisoformat(time)
    seconds = int(moment.replace(microsecond=0).timestamp())
    return seconds * 1_000_000_000 + moment.microsecond * 1000


def push(loki, program):
    """Sends what a program has logged to Loki as Alloy would, with the labels and the metadata that
    config.alloy says. The lines, parsed."""
    streams, parsed = {}, []
    labels, metadata = (
        provisioning.alloy_keys(stage) for stage in ("labels", "structured_metadata")
    )
    for line in program.log().splitlines():
        found = fields(line)
        if "time" not in found:
            continue
        stream = {"service": program.name, "container": f"meshwork-{program.name}-1"}
        stream |= {key: str(found[key]) for key in labels if key in found}
        more = {key: str(found[key]) for key in metadata if key in found}
        values = streams.setdefault(json.dumps(stream), [])
        values.append([str(_nanoseconds(found["time"])), line, more])
        parsed.append(found)
    body = {
        "streams": [{"stream": json.loads(s), "values": values} for s, values in streams.items()]
    }
    answer = http.request(loki.url + "/loki/api/v1/push", body=body)
    assert answer.status == 204, answer.text()
    return parsed
