# SPDX-License-Identifier: Apache-2.0
"""What Grafana and Alloy are told by the files in compose/, so that tests do as these would."""

import json
import re

import yaml

from .peers import COMPOSE

GRAFANA = COMPOSE / "grafana"


def _unescaped(value):
    """Grafana's files write "$" as "$$"."""
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, list):
        return [_unescaped(item) for item in value]
    if isinstance(value, dict):
        return {key: _unescaped(item) for key, item in value.items()}
    return value


def datasources():
    """The data sources of Grafana, by uid."""
    text = (GRAFANA / "provisioning" / "datasources" / "datasources.yaml").read_text()
    return {source["uid"]: source for source in _unescaped(yaml.safe_load(text))["datasources"]}


def dashboards():
    """The dashboards of Grafana, by file name."""
    return {
        path.name: json.loads(path.read_text()) for path in (GRAFANA / "dashboards").glob("*.json")
    }


def alloy_keys(stage):
    """Which of a line's keys a stage of Alloy's pipeline ("labels", "structured_metadata") takes."""
    text = (COMPOSE / "config.alloy").read_text()
    values = re.search(rf"stage\.{stage}\s*{{\s*values\s*=\s*{{([^}}]*)}}", text).group(1)
    return re.findall(r'(\w+)\s*=\s*""', values)
