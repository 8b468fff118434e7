"""Runs what the chart renders as a cluster's nodes would: words, environment, files, user and rights as it says."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.chart.manifests import Container, Manifests, Pod
from tests.chart.network import selects
from tests.containers.docker import docker, run

_LIMIT_S = 300.0
_AGAIN_AFTER_S = 1.0


class Pods:
    """The pods of an installation on a network of their own, one container each. All bears `label`.

    `files` is a folder for what is in ConfigMaps and Secrets; `tool` is an image that has a shell.
    """

    def __init__(self, manifests: Manifests, label: str, files: Path, tool: str) -> None:
        self._manifests = manifests
        self._label = label
        self._files = files
        self._tool = tool

    def start(self, *kinds: str) -> None:
        """Start all pods of these kinds of workloads at once, as a cluster does; returns when each is under way."""
        if run("network", "inspect", self._label).returncode:
            docker("network", "create", "--label", self._label, "--internal", self._label)
        pods = [pod for pod in self._manifests.pods if pod.owner["kind"] in kinds]
        with ThreadPoolExecutor(len(pods)) as starting:
            for started in [starting.submit(self._start, pod) for pod in pods]:
                started.result()

    def run(self, name: str) -> str:
        """Run a pod that ends; what it said. DockerFailed if it does not succeed."""
        pod = self._manifests.pod(name)
        return docker("run", "--rm", *self._words(pod, pod.containers[-1]))

    def ask(self, name: str, *command: str) -> str:
        """Run a command inside a pod that runs; what it says."""
        return docker("exec", self._name(self._manifests.pod(name)), *command)

    def end(self, *kinds: str) -> None:
        """End the pods of these kinds of workloads as the end of their machine would."""
        for pod in self._manifests.pods:
            if pod.owner["kind"] in kinds:
                docker("rm", "--force", self._name(pod))

    def remove(self) -> None:
        """Leave nothing behind."""
        for lists, removes in (
            (("ps", "--all", "--quiet"), ("rm", "--force", "--volumes")),
            (("volume", "ls", "--quiet"), ("volume", "rm", "--force")),
            (("network", "ls", "--quiet"), ("network", "rm")),
        ):
            if found := docker(*lists, "--filter", f"label={self._label}").split():
                docker(*removes, *found)

    def _start(self, pod: Pod) -> None:
        for container in pod.containers:
            if container.is_init or pod.owner["kind"] == "Job":
                self._run_until_it_succeeds(container)
            else:
                docker("run", "--detach", "--restart", "on-failure", "--name", self._name(pod),
                       *self._words(pod, container))  # fmt: skip
                started = container.spec.get("lifecycle", {}).get("postStart")
                if started:
                    docker("exec", self._name(pod), *started["exec"]["command"])

    def _run_until_it_succeeds(self, container: Container) -> None:
        deadline_s = time.monotonic() + _LIMIT_S
        while (done := run("run", "--rm", *self._words(container.pod, container))).returncode:
            assert time.monotonic() < deadline_s, f"{container}: {(done.stdout + done.stderr).decode()}"
            time.sleep(_AGAIN_AFTER_S)

    def _name(self, pod: Pod) -> str:
        return f"{self._label}-{pod.name}"

    def _words(self, pod: Pod, container: Container) -> list[str]:
        """How a container is run, after its name."""
        security, limits = pod.spec["securityContext"], container.spec["resources"]["limits"]
        command = container.spec.get("command", [])
        return [
            *("--label", self._label, "--network", self._label, *self._aliases(container)),
            *("--user", f"{security['runAsUser']}:{security['runAsGroup']}"),
            *("--group-add", str(security["fsGroup"]), "--memory", limits["memory"].removesuffix("i").lower()),
            *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *(f"--env={name}={text}" for name, text in self._manifests.environment(container).items()),
            *self._mounts(pod, container),
            *(("--entrypoint", command[0]) if command else ()),
            container.image,
            *container.words[1 if command else 0 :],
        ]

    def _aliases(self, container: Container) -> Iterator[str]:
        """The names of the Services that lead to it once its pod is under way. A Service's port has to be its pods'."""
        for service in self._manifests.of("Service"):
            if container.stays and selects({"matchLabels": service["spec"]["selector"]}, container.pod.labels):
                yield from ("--network-alias", service["metadata"]["name"])

    def _mounts(self, pod: Pod, container: Container) -> Iterator[str]:
        security = pod.spec["securityContext"]
        for path, mount in container.mounts.items():
            volume = pod.volumes[mount["name"]]
            if "emptyDir" in volume:
                yield from ("--tmpfs", f"{path}:uid={security['runAsUser']},gid={security['fsGroup']}")
            elif "persistentVolumeClaim" in volume:
                claim = self._claim(volume["persistentVolumeClaim"]["claimName"], security["fsGroup"])
                yield f"--volume={claim}:{path}"
            else:
                folder = self._written(pod, volume)
                yield f"--volume={folder / mount.get('subPath', '')}:{path}:ro"

    def _claim(self, name: str, group: int) -> str:
        """A volume that outlives its pod and is its group's to write to, made when first asked for."""
        volume = f"{self._label}-{name}"
        if run("volume", "inspect", volume).returncode:
            docker("volume", "create", "--label", self._label, volume)
            give = f"chgrp {group} /made && chmod 2775 /made"
            docker(
                "run", "--rm", "--user", "0", f"--volume={volume}:/made", "--entrypoint", "sh", self._tool, "-c", give
            )
        return volume

    def _written(self, pod: Pod, volume: Mapping[str, Any]) -> Path:
        """The files of a ConfigMap's or Secret's volume."""
        folder = self._files.joinpath(pod.name, volume["name"])
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        source = volume.get("configMap") or volume["secret"]
        if "configMap" in volume:
            texts = (self._manifests.named("ConfigMap", source["name"]) or {})["data"]
        else:
            texts = self._manifests.secret(source["secretName"]) or {}
        for item in source.get("items") or [{"key": key, "path": key} for key in texts]:
            (folder / item["path"]).write_text(texts[item["key"]])
            (folder / item["path"]).chmod(0o444)
        return folder
