# SPDX-License-Identifier: Apache-2.0
"""A Dockerfile, read, and carried out without Docker.

Stages become folders: copies of a Debian root file system, in which the instructions are carried
out with chroot. Knows the instructions that compose/Dockerfile uses, in the forms it uses, and
refuses others: what it does not refuse means the same to Docker. Wants root, in a mount namespace of
its own (unshare --mount), so that nothing stays mounted.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def instructions(text):
    """Pairs of an instruction and its arguments; continued lines are one."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [
        (line.split(None, 1)[0].upper(), line.split(None, 1)[1].strip())
        for line in joined.splitlines()
        if line.strip()
    ]


class Stage:
    """What a stage says, instruction by instruction, and what it says of the programs to run."""

    def __init__(self, name, parent):
        self.name = name
        self.parent = parent  # another Stage, or the name of an image
        self.steps = []
        self.exec = (
            dict(parent.exec)
            if isinstance(parent, Stage)
            else {"ENV": {}, "USER": "0:0", "WORKDIR": "/"}
        )

    def note(self, word, rest):
        if word == "ENV":
            key, value = rest.split("=", 1)
            self.exec["ENV"] = {**self.exec["ENV"], key: value}
        elif word in ("USER", "WORKDIR", "STOPSIGNAL", "EXPOSE"):
            self.exec[word] = rest
        elif word == "ENTRYPOINT":
            self.exec[word] = json.loads(rest)
        elif word == "HEALTHCHECK":
            self.exec[word] = json.loads(rest[rest.index("CMD") + 3 :])
        elif word not in ("RUN", "COPY"):
            raise ValueError(f"{word} is not an instruction that is known here")


def parse(path):
    """The stages by name, in order."""
    arguments, stages, stage = {}, {}, None
    for word, rest in instructions(pathlib.Path(path).read_text()):
        if word == "ARG" and stage is None:
            key, value = rest.split("=", 1)
            arguments[key] = value
        elif word == "FROM":
            image, name = re.fullmatch(r"(\S+) AS (\S+)", rest).groups()
            image = re.sub(r"\$\{(\w+)\}", lambda m: arguments[m[1]], image)
            stage = stages[name] = Stage(name, stages.get(image, image))
        else:
            stage.note(word, rest)
            stage.steps.append((word, rest, dict(stage.exec)))
    return stages


def ignore_rules(path):
    """.dockerignore as (is kept, pattern) pairs; the last one that matches decides."""
    rules = []
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            kept = line.startswith("!")
            pattern = re.escape(line.lstrip("!").strip("/"))
            pattern = pattern.replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
            rules.append((kept, re.compile(pattern + "(/.*)?")))
    return rules


def context_files(root):
    """The paths, below root, of the files that a build may copy."""
    rules = ignore_rules(root / ".dockerignore")
    for folder, folders, files in os.walk(root):
        inside = pathlib.Path(folder).relative_to(root)
        if re.fullmatch(r"\.git|\.demo|build(-.*)?", inside.parts[0] if inside.parts else ""):
            folders[:] = []
            continue
        for name in files:
            path = (inside / name).as_posix()
            matches = [kept for kept, pattern in rules if pattern.fullmatch(path)]
            if not matches or matches[-1]:
                yield path


def _copy_file(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _below(root, path, workdir):
    target = root / os.path.join(workdir, path).lstrip("/")
    return target


class Builder:
    """Carries stages out, in folders below `work`; `base` is the root file system of the image."""

    def __init__(self, stages, context, base, work):
        self.stages = stages
        self.context, self.base, self.work = (
            pathlib.Path(context),
            pathlib.Path(base),
            pathlib.Path(work),
        )
        self.built = {}

    def build(self, stage):
        if stage.name in self.built:
            return self.built[stage.name]
        parent = self.build(stage.parent) if isinstance(stage.parent, Stage) else self.base
        root = self.work / stage.name
        subprocess.run(["cp", "-a", "--reflink=auto", f"{parent}/.", root], check=True)
        for word, rest, state in stage.steps:
            print(f"[{stage.name}] {word} {rest}", flush=True)
            if word == "COPY":
                self.copy(root, rest, state["WORKDIR"])
            elif word == "RUN":
                self.run(root, rest, state)
            elif word == "WORKDIR":
                _below(root, rest, "/").mkdir(parents=True, exist_ok=True)
        self.built[stage.name] = root
        return root

    def copy(self, root, rest, workdir):
        *sources, target = shlex.split(rest)
        stage = sources.pop(0)[len("--from=") :] if sources[0].startswith("--from=") else None
        many = len(sources) > 1 or target.endswith("/") or target == "."
        if stage:
            origin = self.build(self.stages[stage])
            pairs = [(origin / source.lstrip("/"), os.path.basename(source)) for source in sources]
        else:
            pairs = [pair for source in sources for pair in self.from_context(source, many)]
        for source, name in pairs:
            goal = _below(root, target, workdir)
            _copy_file(source, goal / name if many or name.startswith("./") else goal)

    def from_context(self, source, many):
        """A file goes by its name; a folder's content goes into the target."""
        prefix = "" if source == "." else source + "/"
        if (self.context / source).is_file():
            return [(self.context / source, os.path.basename(source))]
        return [
            (self.context / path, "./" + path[len(prefix) :])
            for path in context_files(self.context)
            if path.startswith(prefix)
        ]

    def run(self, root, command, state):
        for name, kind in (("proc", "proc"), ("dev", "bind")):
            where = root / name
            if not os.path.ismount(where):
                what = ["-t", "proc", "proc"] if kind == "proc" else ["--rbind", "/dev"]
                subprocess.run(["mount", *what, where], check=True)
        environment = {"PATH": PATH, **state["ENV"]}
        script = f"cd {shlex.quote(state['WORKDIR'])} && {command}"
        subprocess.run(
            ["chroot", root, "/bin/sh", "-ec", script],
            env=environment,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        for name in ("proc", "dev"):
            subprocess.run(["umount", "--recursive", "--lazy", root / name], check=True)
