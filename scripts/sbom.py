"""`make sbom`: what an installation is made of, for those who answer for it.

Writes to .local/sbom: sbom.cdx.json (CycloneDX 1.6: libraries with hashes and licences, system packages,
images with digests) and licences.csv. Python libraries are those of requirements.txt that .venv holds,
browser libraries those of package-lock.json. What could not be looked at is said.
"""

import base64
import csv
import datetime as dt
import io
import json
import re
import shutil
import subprocess
import tomllib
import uuid
from collections.abc import Iterator

from scripts import environment, installation, packages
from scripts.house import PYTHON, ROOT, Trouble, local, main, say, write_whole

Component = dict[str, object]
IMAGE = re.compile(r"^\s*(?:image:|FROM) +([\w./-]+:[\w.-]+)", re.MULTILINE)
# Run by the project's Python: metadata of what is installed there.
LICENCES = """
import json, re
from importlib.metadata import distributions
def licence(meta):
    classes = [c.split(" :: ")[-1] for c in meta.get_all("Classifier") or [] if c.startswith("License ::")]
    return meta["License-Expression"] or " / ".join(classes) or (meta["License"] or "").split("\\n")[0]
print(json.dumps({re.sub("[-_.]+", "-", d.name).lower(): licence(d.metadata) for d in distributions()}))
"""


def sbom() -> None:
    """Look at everything and write both files; raises Trouble when a part of it shows nothing."""
    installation.ensure_parts("app")
    parts = {"Python": python(), "browser": browser(), "system": system(), "images": images()}
    for part in ("Python", "browser", "images"):
        if not parts[part]:
            raise Trouble(f"No {part} component was found: that cannot be")
    target = local("sbom")
    target.mkdir(exist_ok=True)
    write_whole(
        target / "sbom.cdx.json", json.dumps(document([c for p in parts.values() for c in p]), indent=1)
    )
    write_whole(target / "licences.csv", table(parts["Python"] + parts["browser"]))
    counted = ", ".join(f"{len(found)} {part}" for part, found in parts.items())
    say(f"{counted} components: {target}/sbom.cdx.json, {target}/licences.csv")


def document(components: list[Component]) -> dict[str, object]:
    """The components as a CycloneDX 1.6 document about this version of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    subject = {
        "type": "application",
        "name": project["name"],
        "version": project["version"],
        "bom-ref": "site",
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "component": subject,
        },
        "components": components,
    }


def python() -> list[Component]:
    """The libraries of requirements.txt, but those for other systems than this one."""
    shown = subprocess.check_output([str(PYTHON), "-c", LICENCES], text=True)
    licences = json.loads(shown)
    return [
        _component("library", name, version, f"pkg:pypi/{name}@{version}", licences[name])
        | {"hashes": [{"alg": "SHA-256", "content": one} for one in hashes]}
        for name, version, hashes in _locked()
        if name in licences
    ]


def _locked() -> Iterator[tuple[str, str, list[str]]]:
    text = (ROOT / environment.LOCKS["app"]).read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if found := re.match(r"([a-z0-9.-]+)==(\S+)", line):
            yield found[1], found[2], re.findall(r"sha256:([0-9a-f]{64})", line)


def browser() -> list[Component]:
    """The libraries that are served to browsers, without those of development."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    served = {path: entry for path, entry in locked.items() if path and not entry.get("dev")}
    return [_of_npm(path.rpartition("node_modules/")[2], entry) for path, entry in served.items()]


def _of_npm(name: str, entry: dict[str, str]) -> Component:
    digest = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
    purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
    made = _component("library", name, entry["version"], purl, entry.get("license", ""))
    return made | {"hashes": [{"alg": "SHA-512", "content": digest}]}


def system() -> list[Component]:
    """The system packages we ask for that are installed; none where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        say("No dpkg here: system packages are left out")
        return []
    asked = sorted({name for need in packages.needs({"app", "client", "cluster"}) for name in need.packages})
    command = ["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev} ${Package} ${Version}\n", *asked]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    rows = [line.split() for line in shown.splitlines() if line.startswith("ii ")]
    return [
        _component("library", name, version, f"pkg:deb/debian/{name}@{version}") for _, name, version in rows
    ]


def images() -> list[Component]:
    """The images of Dockerfile and docker-compose.yml, with digests where an engine can be asked."""
    text = "\n".join((ROOT / name).read_text() for name in ("Dockerfile", "docker-compose.yml"))
    found = sorted(set(IMAGE.findall(text)) - {"mapa-barrial:latest"})
    if not shutil.which("docker"):
        say("No docker here: images are listed without digests")
    return [_image(*reference.split(":")) for reference in found]


def _image(name: str, tag: str) -> Component:
    made = _component("container", name, tag, "")
    digest = _digest(f"{name}:{tag}") if shutil.which("docker") else ""
    return made | ({"hashes": [{"alg": "SHA-256", "content": digest}]} if digest else {})


def _digest(reference: str) -> str:
    """The SHA-256 the registry has for this image; empty when it does not answer within a minute."""
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", reference]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    except subprocess.TimeoutExpired:
        shown = ""
    found = re.fullmatch(r"sha256:([0-9a-f]{64})", shown.strip())
    if not found:
        say(f"{reference}: its digest could not be asked for")
    return found[1] if found else ""


def _component(kind: str, name: str, version: str, purl: str, licence: str = "") -> Component:
    made: Component = {"type": kind, "name": name, "version": version, "bom-ref": f"{kind}:{name}@{version}"}
    made |= {"purl": purl} if purl else {}
    return made | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def table(components: list[Component]) -> str:
    """Name, version and licence of each, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["name", "version", "licence"])
    writer.writerows([part["name"], part["version"], licence(part)] for part in components)
    return out.getvalue()


def licence(component: Component) -> str:
    """What its licence is called; empty when its metadata does not tell."""
    found = component.get("licenses")
    return found[0]["license"]["name"] if isinstance(found, list) else ""


if __name__ == "__main__":
    main(sbom)
