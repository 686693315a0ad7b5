# SPDX-License-Identifier: Apache-2.0
"""HTTP, without exceptions for answers that are errors."""

import json
import urllib.error
import urllib.parse
import urllib.request


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def text(self):
        return self.body.decode(errors="replace")


def request(url, *, body=None, headers=None, query=None, timeout=30):
    """GET, or POST when there is a body; what is not bytes is sent as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    if query:
        url += "?" + urllib.parse.urlencode(query, doseq=True)
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=body, headers=headers), timeout=timeout
        ) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def get_json(url, **query):
    """What a GET gives; an AssertionError unless it is 200."""
    answer = request(url, query=query)
    if answer.status != 200:
        raise AssertionError(f"GET {url} {query}: {answer.status} {answer.text()[:2000]}")
    return answer.json()
