"""The Kubernetes manifests: right by the schema of Kubernetes itself, careful with rights, and of one mind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from monitor.settings import load_settings

FOLDER = Path(__file__).resolve().parents[2] / "packaging" / "kubernetes"
OBJECTS = [
    (file.name, found)
    for file in sorted(FOLDER.glob("*.yaml"))
    for found in yaml.safe_load_all(file.read_text("utf-8"))
]
DEPLOYMENTS = {found["metadata"]["name"]: found for _, found in OBJECTS if found["kind"] == "Deployment"}


@pytest.mark.parametrize(
    ("file", "found"), OBJECTS, ids=lambda value: value if isinstance(value, str) else value["kind"]
)
def test_every_object_follows_the_schema(file: str, found: dict[str, Any]) -> None:
    validated = kubernetes_validate.validate(found, kubernetes_validate.latest_version(), strict=True)
    assert validated, file


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_no_pod_has_more_rights_than_it_needs(name: str) -> None:
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
    assert pod["terminationGracePeriodSeconds"] > 60


def test_every_deployment_has_a_budget_for_its_own_pods() -> None:
    budgets = [found["spec"] for _, found in OBJECTS if found["kind"] == "PodDisruptionBudget"]
    for deployment in DEPLOYMENTS.values():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        mine = [budget for budget in budgets if budget["selector"]["matchLabels"].items() <= labels.items()]
        assert [budget["minAvailable"] for budget in mine] == [1]
        assert deployment["spec"]["replicas"] > 1


def test_the_configuration_is_one_that_the_program_takes(tmp_path: Path) -> None:
    texts = next(found["data"] for _, found in OBJECTS if found["kind"] == "ConfigMap")
    volumes = DEPLOYMENTS["treaty-monitor-replica"]["spec"]["template"]["spec"]["volumes"]
    for item in next(v["configMap"]["items"] for v in volumes if v["name"] == "configuration"):
        file = tmp_path / "config" / item["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[item["key"]], "utf-8")
    settings = load_settings(tmp_path / "config", tmp_path / "state")
    assert str(settings.database) == "*** (file:/run/secrets/treaty-monitor/database-url)"
    assert [treaty.reference for treaty in settings.treaties] == ["XXVI-5"]
