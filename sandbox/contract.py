"""What the OpenAPI files in `contracts/` say, as plain values: one `Operation` for each route.

The stand-in is driven by these values: routing, the strict check and renamed routes all read them, so that the
contract is written down once only.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]

PLATFORM = "unica-platform"
CAMPAIGN = "unica-campaign"
CAMPAIGN_MOUNT = "/Campaign/api/campaign/rest"
COLLABORATE = "unica-collaborate"
COLLABORATE_MOUNT = "/collaborate/api/collaborate/v1"
ACTITO = "actito"
ACTITO_MOUNT = "/actito"
"""Actito has a host of its own; here its base address is one below the address of the sandbox."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data"
TEXT = "text/plain"

_METHODS = ("get", "put", "post", "delete", "patch")
_OLDER_BUT_SERVED = frozenset({"downloadSimpleListAttachment"})
"""The one Collaborate operation outside of the seed that the product uses; the others are left out."""

_IGNORED_KEYS = {"ProjectUpdate": ("Project_ID", "Template_DB_ID", "Project_Type", "Project_Status")}
"""Keys that the contract allows in its text alone, to be ignored (contract: ProjectUpdate)."""

_ASSIGNED_KEYS = {"ProfileTable": "id"}
"""Keys that a schema shared by reading and creating requires although the server assigns them."""


@dataclass(frozen=True)
class Field:
    """One value of a request: what the contract calls it, what it is called on the wire, and where it travels."""

    name: str
    wire_name: str
    place: str
    """`path`, `query`, `header`, `form`, or `part` and `file` for the parts of a multipart body."""
    schema: Schema
    required: bool = False
    content_schema: Schema | None = None
    """Schema of the JSON text inside a form field, None for a plain field."""
    open_ended: bool = False
    """Whether it stands for all names of its place that no other field has."""


@dataclass(frozen=True)
class Operation:
    """One route of a contract; `path` is without the mount prefix of its system."""

    operation_id: str
    system: str
    mount: str
    method: str
    path: str
    fields: tuple[Field, ...]
    json_body: Schema | None
    has_form: bool
    has_parts: bool
    body_required: bool
    readonly: bool
    seed: bool
    text_body: Schema | None = None
    """Schema of a body that is one plain text, None for every other body."""
    older_path: str | None = None
    """The path before the reorganisation of 2025, of Actito only."""
    access_right: str | None = None
    """The right of the API key that the operation needs, of Actito only."""

    @property
    def takes_body(self) -> bool:
        """Whether a request of this route may carry a body at all."""
        return self.has_form or self.has_parts or self.json_body is not None or self.text_body is not None

    def place(self, place: str) -> tuple[Field, ...]:
        """The fields that travel in one place."""
        return tuple(field for field in self.fields if field.place == place)


@dataclass(frozen=True)
class Contract:
    """The operations of all systems by operationId, and the named schemas they refer to."""

    operations: Mapping[str, Operation]
    schemas: Mapping[str, Schema]


def contract_folder() -> Path:
    """The folder of the OpenAPI files: beside the package in a checkout, inside it in an installed copy."""
    package = Path(__file__).resolve().parent
    for folder in (package.parent / "contracts", package / "contracts"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder 'contracts' is neither beside nor inside {package}")


@functools.cache
def load() -> Contract:
    """Read the contracts of the Unica systems; cached, since they do not change while a process lives."""
    operations: dict[str, Operation] = {}
    schemas: dict[str, Schema] = {}
    for name, system, mount in (
        ("unica-platform.openapi.yaml", PLATFORM, ""),
        ("unica-campaign.openapi.yaml", CAMPAIGN, CAMPAIGN_MOUNT),
        ("unica-collaborate.openapi.yaml", COLLABORATE, COLLABORATE_MOUNT),
    ):
        document = _read_yaml(contract_folder() / name)
        schemas.update(document["components"].get("schemas", {}))
        for path, item in document["paths"].items():
            for method in _METHODS:
                if method in item and _is_served(item[method], system):
                    operation = _operation(_resolved(item[method], document), method.upper(), path, system, mount)
                    operations[operation.operation_id] = operation
    for name, keys in _IGNORED_KEYS.items():
        schemas[name] = {**schemas[name], "properties": {**schemas[name]["properties"], **{key: {} for key in keys}}}
    return Contract(operations, schemas)


@functools.cache
def load_actito() -> Contract:
    """Read the contract of Actito without its guesses; apart from the others, since few sandboxes are asked for it."""
    document = _read_yaml(contract_folder() / "actito.openapi.yaml")
    operations: dict[str, Operation] = {}
    schemas: dict[str, Schema] = dict(document["components"]["schemas"])
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item and item[method]["x-confidence"] != "guess":
                operation = _operation(_resolved(item[method], document), method.upper(), path, ACTITO, ACTITO_MOUNT)
                operations[operation.operation_id] = _of_actito(operation, item[method])
    for name, key in _ASSIGNED_KEYS.items():
        schemas[name] = {**schemas[name], "required": [other for other in schemas[name]["required"] if other != key]}
    return Contract(operations, schemas)


def _of_actito(operation: Operation, item: Schema) -> Operation:
    fields = []
    for field in operation.fields:
        if field.place == "query" and field.schema.get("type") == "object":
            # Contract: searchProfiles, one query parameter for each attribute.
            field = dataclasses.replace(field, open_ended=True)
        elif (operation.operation_id, field.name) == ("sendTransactionalEmailWithAttachment", "contact"):
            # Contract: TransactionalMultipart, a JSON document with profile and parameters.
            schema = {"$ref": "#/components/schemas/TransactionalContact"}
            field = dataclasses.replace(field, content_schema=schema)
        fields.append(field)
        if field.name == "segmentation":
            # Contract: the parameter segmentation, whose category is a matrix parameter of the same segment.
            fields.append(Field("category", "category", "path", {"type": "string"}))
    return dataclasses.replace(
        operation,
        fields=tuple(fields),
        older_path=item.get("x-legacy-path"),
        access_right=item.get("x-access-right"),
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, Loader=loader)
    return document


def _is_served(item: Schema, system: str) -> bool:
    return system != COLLABORATE or bool(item.get("x-seed")) or item["operationId"] in _OLDER_BUT_SERVED


def _resolved(item: Schema, document: Schema) -> Schema:
    """The operation with its parameters and the schema of a multipart body written out in place of references."""
    parameters = document["components"].get("parameters", {})
    listed = [parameters[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in item.get("parameters", ())]
    resolved = {**item, "parameters": listed}
    content = item.get("requestBody", {}).get("content", {})
    if MULTIPART in content:
        schema = content[MULTIPART]["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        resolved["requestBody"] = {**item["requestBody"], "content": {MULTIPART: {"schema": schema}}}
    return resolved


def _operation(item: Schema, method: str, path: str, system: str, mount: str) -> Operation:
    fields = [
        Field(p["name"], p["name"], p["in"], p.get("schema", {}), bool(p.get("required")))
        for p in item.get("parameters", ())
    ]
    # The contract wants both spellings of the window served (contract: parameter Range).
    fields += [Field("range", "range", "query", field.schema) for field in fields if field.name == "Range"]
    body = item.get("requestBody", {})
    content = body.get("content", {})
    if FORM in content:
        form = content[FORM]["schema"]
        required = set(form.get("required", ()))
        fields += [
            Field(name, name, "form", schema, name in required, schema.get("contentSchema"))
            for name, schema in form["properties"].items()
        ]
    if MULTIPART in content:
        form = content[MULTIPART]["schema"]
        fields += [
            Field(name, name, "file" if _is_file(schema) else "part", schema, name in form.get("required", ()))
            for name, schema in form["properties"].items()
        ]
    return Operation(
        operation_id=item["operationId"],
        system=system,
        mount=mount,
        method=method,
        path=path,
        fields=tuple(fields),
        json_body=content[JSON]["schema"] if JSON in content else None,
        has_form=FORM in content,
        has_parts=MULTIPART in content,
        body_required=bool(body.get("required")),
        readonly=bool(item.get("x-readonly")),
        seed=bool(item.get("x-seed")),
        text_body=content[TEXT]["schema"] if TEXT in content else None,
    )


def _is_file(schema: Schema) -> bool:
    item = schema.get("items", schema)
    return "contentMediaType" in item or item.get("format") == "binary"
