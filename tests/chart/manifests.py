"""What Helm has rendered, read: the objects, the pods they will make, and the containers in those."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]

Object = dict[str, Any]

IN_ITSELF: tuple[str, ...] = ()
POD_AT = {
    "Pod": IN_ITSELF,
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where each kind keeps the description of its pods."""

LONG_RUNNING = ("Deployment", "StatefulSet", "DaemonSet")
OUR_IMAGE = "stock-exchange-"


@dataclass(frozen=True)
class Container:
    """One container of a pod, as the chart describes it."""

    pod: Pod
    spec: Object
    is_init: bool

    def __str__(self) -> str:
        return f"{self.pod} {self.spec['name']}"

    @property
    def image(self) -> str:
        return str(self.spec["image"])

    @property
    def our_image(self) -> str:
        """Which of our images it runs, like user-accounts; empty for somebody else's."""
        name = self.image.rsplit("/", 1)[-1].partition(":")[0].partition("@")[0]
        return name.removeprefix(OUR_IMAGE) if name.startswith(OUR_IMAGE) else ""

    @property
    def words(self) -> list[str]:
        return [*self.spec.get("command", []), *self.spec.get("args", [])]

    @property
    def stays(self) -> bool:
        """Whether it is meant to run until it is told to stop."""
        return self.pod.owner["kind"] in LONG_RUNNING and not self.is_init

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.spec.get("ports", [])}

    @property
    def mounts(self) -> dict[str, Object]:
        """Path → mount."""
        return {mount["mountPath"]: mount for mount in self.spec.get("volumeMounts", [])}


@dataclass(frozen=True)
class Pod:
    """The pods of one workload. `release` is what the names of all objects begin with."""

    owner: Object
    template: Object
    fullname: str

    def __str__(self) -> str:
        return f"{self.owner['kind']}/{self.name}"

    @property
    def name(self) -> str:
        """The workload's name without the release's, like user-accounts-web."""
        return str(self.owner["metadata"]["name"]).removeprefix(f"{self.fullname}-")

    @property
    def spec(self) -> Object:
        return dict(self.template["spec"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.template["metadata"].get("labels", {}))

    @property
    def volumes(self) -> dict[str, Object]:
        return {volume["name"]: volume for volume in self.spec.get("volumes", [])}

    @property
    def containers(self) -> list[Container]:
        """Init containers first."""
        waiting = [Container(self, spec, is_init=True) for spec in self.spec.get("initContainers", [])]
        return [*waiting, *(Container(self, spec, is_init=False) for spec in self.spec["containers"])]


@dataclass(frozen=True)
class Manifests:
    """All objects of one rendering."""

    objects: list[Object]

    @classmethod
    def read(cls, text: str) -> Manifests:
        """What `helm template` has printed, hooks and tests included."""
        return cls([document for document in yaml.load_all(text, yaml.CSafeLoader) if document])

    def of(self, *kinds: str) -> list[Object]:
        return [one for one in self.objects if one["kind"] in kinds]

    def named(self, kind: str, name: str) -> Object | None:
        return next((one for one in self.of(kind) if one["metadata"]["name"] == name), None)

    @property
    def fullname(self) -> str:
        """What all names begin with, read off the one Service that is always there."""
        (gateway,) = (
            name for one in self.of("Service") if (name := one["metadata"]["name"]).endswith("-gateway")
            and not name.endswith("-live-gateway")
        )  # fmt: skip
        return str(gateway).removesuffix("-gateway")

    @property
    def pods(self) -> list[Pod]:
        fullname = self.fullname
        return [Pod(one, _below(one, POD_AT[one["kind"]]), fullname) for one in self.of(*POD_AT)]

    def pod(self, name: str) -> Pod:
        """The pods of that workload, like user-accounts-web."""
        (pod,) = (pod for pod in self.pods if pod.name == name)
        return pod

    @property
    def containers(self) -> Iterator[Container]:
        return (container for pod in self.pods for container in pod.containers)

    def secret(self, name: str) -> dict[str, str] | None:
        """The texts of a Secret the chart makes; None if it makes none of that name."""
        found = self.named("Secret", name)
        if found is None:
            return None
        encoded = {key: base64.b64decode(value).decode() for key, value in (found.get("data") or {}).items()}
        return encoded | (found.get("stringData") or {})

    def environment(self, container: Container) -> dict[str, str | None]:
        """Name → what the container will read; None for what comes from a Secret the chart does not make."""
        return {entry["name"]: self._value(entry) for entry in container.spec.get("env", [])} | dict(
            self._taken_whole(container)
        )

    def _value(self, entry: Object) -> str | None:
        if "valueFrom" not in entry:
            return str(entry.get("value", ""))
        (source,) = entry["valueFrom"].values()
        keys = self._keys(entry["valueFrom"])
        assert keys is None or source["key"] in keys, f"{entry['name']}: {source} has only {sorted(keys)}"
        return None if keys is None else keys[source["key"]]

    def _taken_whole(self, container: Container) -> Iterator[tuple[str, str]]:
        for source in container.spec.get("envFrom", []):
            yield from (self._keys(source) or {}).items()

    def _keys(self, source: Mapping[str, Any]) -> Mapping[str, str] | None:
        """The texts of the Secret or ConfigMap that a reference leads to."""
        for word in ("secretKeyRef", "secretRef"):
            if word in source:
                return self.secret(source[word]["name"])
        for word in ("configMapKeyRef", "configMapRef"):
            if word in source:
                found = self.named("ConfigMap", source[word]["name"])
                assert found is not None, f"no ConfigMap {source[word]['name']} is rendered"
                return dict(found["data"])
        raise AssertionError(f"environment from {source}: neither a Secret nor a ConfigMap")


def _below(body: Object, path: tuple[str, ...]) -> Object:
    for word in path:
        body = body[word]
    return body
