"""`deploy/`: what runs the desk elsewhere says of it what is so.

What has a schema in pure Python is held to it; of the rest those rules that matter. Nothing here
needs an engine for containers.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import metrics
from bot.config.settings import Settings
from tests.support.workspace import ROOT

DEPLOY = ROOT / "deploy"
CLUSTERS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
SETTINGS = {name.upper() for name in Settings.model_fields}


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each in one line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest) for word, _, rest in (each.partition(" ") for each in joined.split("\n"))]


PICTURE = instructions((DEPLOY / "Dockerfile").read_text("utf-8"))


def arguments(word: str) -> list[str]:
    return [rest for each, rest in PICTURE if each == word]


def environment() -> dict[str, str]:
    pairs = (each for line in arguments("ENV") for each in shlex.split(line))
    return dict(each.partition("=")[::2] for each in pairs)


# The picture


def test_the_picture_is_built_from_the_run_lock_alone() -> None:
    """With hashes, from fixed pictures, and without tools."""
    installs = [each for each in arguments("RUN") if "pip install" in each]

    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+( AS build)?", f) for f in arguments("FROM"))
    assert "--require-hashes" in installs[0]
    assert "-r requirements.lock" in installs[0]
    assert [("--no-deps" in each) for each in installs[1:]] == [True] * (len(installs) - 1)
    assert not any("dev" in each for each in installs)


def test_the_picture_runs_as_nobody_and_is_told_to_stop_as_the_desk_expects() -> None:
    """The last stage is by number, so that a cluster can tell that it is not root."""
    last = PICTURE[[word for word, _ in PICTURE].index("FROM", 1) :]
    after_user = [word for word, _ in last[[word for word, _ in last].index("USER") :]]

    assert dict(last)["USER"] == "10001:10001"
    assert "RUN" not in after_user
    assert dict(last)["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(dict(last)["ENTRYPOINT"]) == ["deskhand"]


def test_what_is_copied_exists_and_is_not_left_out() -> None:
    """The ignore file lets nothing in but what is copied."""
    copied = {
        source for line in arguments("COPY") if "--from" not in line for source in line.split()[:-1]
    }
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignore if line.startswith("!")}

    assert all((ROOT / each).exists() for each in copied)
    assert copied == let_in
    assert "*" in ignore


def test_the_picture_sets_settings_that_exist() -> None:
    """Those that are ours; and the health check asks the port that is set."""
    ours = {name for name in environment() if not name.startswith(("PYTHON", "MPL", "PIP", "PATH"))}

    assert ours <= SETTINGS
    assert f":{environment()['OPS_PORT']}/healthz" in arguments("HEALTHCHECK")[0]


# Compose


@pytest.mark.parametrize("file", ["compose.yaml", "compose.postgres.yaml"])
def test_the_compose_files_are_of_the_specification(file: str) -> None:
    """By its own schema, as `check-jsonschema` carries it."""
    schema = ["--builtin-schema", "vendor.compose-spec"]
    command = [str(Path(sys.executable).with_name("check-jsonschema")), *schema, str(DEPLOY / file)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert found.returncode == 0, found.stdout + found.stderr


def test_the_compose_file_takes_rights_away_and_mounts_what_the_desk_reads() -> None:
    """Read-only, without capabilities; its files exist, and its settings too."""
    desk = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["desk"]
    mounted = [each.split(":")[0] for each in desk["volumes"] if each.startswith("..")]

    assert desk["read_only"] is True
    assert desk["cap_drop"] == ["ALL"]
    assert set(desk["environment"]) <= SETTINGS
    assert all((DEPLOY / each).exists() for each in [*mounted, desk["build"]["context"]])
    assert (DEPLOY / desk["build"]["context"] / desk["build"]["dockerfile"]).exists()
    # The port shows figures: to this machine alone.
    assert [each.startswith("127.0.0.1:") for each in desk["ports"]] == [True]


# Kubernetes


def objects(file: Path) -> Mapping[str, dict[str, Any]]:
    return {each["kind"]: each for each in yaml.safe_load_all(file.read_text("utf-8"))}


def pod(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = objects(file)["Deployment"]["spec"]["template"]["spec"]
    return found


@pytest.mark.parametrize("file", CLUSTERS, ids=lambda file: file.stem)
def test_every_selector_finds_the_desk(file: Path) -> None:
    """The deployment's own, the service's, and that of the disruption budget."""
    there = objects(file)
    labels = there["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        there["Deployment"]["spec"]["selector"]["matchLabels"],
        there["Service"]["spec"]["selector"],
        *(
            each["spec"]["selector"]["matchLabels"]
            for kind, each in there.items()
            if kind == "PodDisruptionBudget"
        ),
    ]

    assert all(each.items() <= labels.items() for each in selectors)


@pytest.mark.parametrize("file", CLUSTERS, ids=lambda file: file.stem)
def test_a_pod_has_no_rights_that_it_does_not_need(file: Path) -> None:
    """Not root, a root that is read-only, no capabilities, no token of the cluster."""
    (desk,) = pod(file)["containers"]

    assert pod(file)["securityContext"]["runAsNonRoot"] is True
    assert pod(file)["automountServiceAccountToken"] is False
    assert desk["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {each["name"] for each in desk["env"]} <= SETTINGS


@pytest.mark.parametrize("file", CLUSTERS, ids=lambda file: file.stem)
def test_probes_ask_what_there_is_at_ports_that_are_open(file: Path) -> None:
    """And wait for as long as an answer may take; a desk that waits for Slack is not killed."""
    (desk,) = pod(file)["containers"]
    ports = {each["name"]: each["containerPort"] for each in desk["ports"]}
    env = {each["name"]: each.get("value") for each in desk["env"]}
    probes = {kind: desk[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")}
    asked = {kind: each["httpGet"]["path"] for kind, each in probes.items()}
    service = {each["targetPort"] for each in objects(file)["Service"]["spec"]["ports"]}

    assert asked == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
    assert {each["httpGet"]["port"] for each in probes.values()} <= set(ports)
    assert probes["readiness"]["timeoutSeconds"] > 5
    assert str(ports["ops"]) == env["OPS_PORT"]
    assert service <= set(ports)


@pytest.mark.parametrize("file", CLUSTERS, ids=lambda file: file.stem)
def test_every_mount_has_its_volume(file: Path) -> None:
    """And every volume its mount."""
    (desk,) = pod(file)["containers"]

    mounted = {each["name"] for each in desk["volumeMounts"]}
    assert mounted == {each["name"] for each in pod(file)["volumes"]}


def test_one_process_runs_on_a_file_and_several_on_a_server() -> None:
    """On a file a second one is refused: a rolling update would wait for ever."""
    found = {file.stem: objects(file)["Deployment"]["spec"] for file in CLUSTERS}

    assert {name: (each["replicas"], each["strategy"]["type"]) for name, each in found.items()} == {
        "sqlite": (1, "Recreate"),
        "postgres": (2, "RollingUpdate"),
    }


# systemd


def directives() -> Iterator[tuple[str, str]]:
    for line in (DEPLOY / "deskhand.service").read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name, value


def test_the_unit_starts_again_but_not_what_is_configured_wrongly() -> None:
    """And stops as the desk expects; its settings exist."""
    unit = dict(directives())
    named = {value.partition("=")[0] for name, value in directives() if name == "Environment"}

    assert (unit["Restart"], unit["RestartPreventExitStatus"]) == ("always", "2")
    assert (unit["KillSignal"], unit["DynamicUser"]) == ("SIGTERM", "yes")
    assert named <= SETTINGS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Every directive is one that it knows."""
    text = (DEPLOY / "deskhand.service").read_text("utf-8")
    unit = tmp_path / "deskhand.service"
    unit.write_text(text.replace("/opt/deskhand/bin/deskhand", "/bin/true"), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert [line for line in found.stderr.splitlines() if "deskhand.service" in line] == []


# Grafana


def test_the_board_shows_figures_that_there_are() -> None:
    """Each by its name, with labels that it has; each panel has a place of its own."""
    board = json.loads((DEPLOY / "grafana-board.json").read_text("utf-8"))
    asked = " ".join(each["expr"] for panel in board["panels"] for each in panel["targets"])
    told = metrics.told_now({}, {}).decode()
    kinds = dict(re.findall(r"^# TYPE (deskhand_\w+) (\w+)$", told, re.MULTILINE))
    kinds = {name: kind for name, kind in kinds.items() if not name.endswith("_created")}
    there = {f"{name}_bucket" if kind == "histogram" else name for name, kind in kinds.items()}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]

    assert set(re.findall(r"deskhand_\w+", asked)) == there
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in board["panels"]}) == len(places)
