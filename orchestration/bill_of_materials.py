"""What the warehouse is made of: every package that runs with it, in CycloneDX form, beside each publication."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

PROJECT = "prevention-warehouse"
NAME = "sbom.cdx.json"
# Some packages put the whole text of their licence where its name belongs.
LONGEST_LICENSE_NAME = 100


def write(folder: Path, published_at: datetime) -> Path:
    """Write the bill into a publication's folder. The same packages at the same time give the same bytes."""
    path = folder / NAME
    path.write_text(text(published_at), encoding="utf-8")
    return path


def text(made_at: datetime) -> str:
    """The bill as CycloneDX 1.6 JSON: the packages as installed, with version, licence, and what needs what."""
    found = {_normal(one.name): one for one in _closure(PROJECT)}
    parts = {name: _component(name, one) for name, one in found.items()}
    listed = ",".join(sorted(f"{part.name}=={part.version}" for part in parts.values()))
    bom = Bom(
        components=[part for name, part in parts.items() if name != PROJECT],
        metadata=BomMetaData(component=parts[PROJECT], timestamp=made_at),
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{listed} {made_at.isoformat()}"),
    )
    for name, one in found.items():
        bom.register_dependency(parts[name], [parts[need] for need in _needs(one) if need in parts])
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(name: str, found: Distribution) -> Component:
    kind = ComponentType.APPLICATION if name == PROJECT else ComponentType.LIBRARY
    said = next((found.metadata[key] for key in ("License-Expression", "License") if key in found.metadata), "")
    is_name = said and len(said) <= LONGEST_LICENSE_NAME and "\n" not in said
    return Component(
        name=name,
        version=found.version,
        type=kind,
        bom_ref=f"{name}=={found.version}",
        purl=PackageURL("pypi", None, name, found.version),
        licenses=[DisjunctiveLicense(name=said)] if is_name else None,
    )


def _closure(root: str) -> Iterator[Distribution]:
    """The package and every installed one that it needs, itself or through another, each once."""
    waiting, seen = [root], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        yield found
        waiting += _needs(found)


def _needs(found: Distribution) -> list[str]:
    """Names of what a package needs here. What only an extra asks for is listed where it is needed outright."""
    wanted = (Requirement(line) for line in found.requires or [])
    return sorted({_normal(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})})


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
