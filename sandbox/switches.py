"""The switches of the stand-in: what a test or a demonstration may change about it while it runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import dates
from sandbox import switch_checks as checks

UPLOAD_TYPES = (
    *("csv", "doc", "docx", "gif", "jpeg", "jpg", "odp", "ods", "odt", "pdf", "png", "ppt", "pptx", "rtf", "txt"),
    *("xls", "xlsx"),
)
"""Common office, image, text and PDF types (collaborate-notes, section 7)."""


@dataclass(frozen=True)
class Switches:
    """One state of all switches; the defaults are an installation as documented, with HTTPS not required.

    date: the day (yyyy-mm-dd) at whose 09:00 UTC the clock of the sandbox begins, at start and when the switch changes;
    empty: the machine's clock. Everything that is dated goes by it; the demo data does not move.
    token_life: seconds from login, never extended by use. single_use_tokens: each token lets one call through.
    blocked: systems answering 403. https_only: plain HTTP answers 403. authentication: False lets every call in.
    federated_tokens: values of f_tokenId that are accepted. offers_v1, offers_v2: whether the family exists.
    v2_verbs: which of the two published verb sets of v2 exists. strict: refuse what the contract does not have.
    latency: seconds before each answer. rate_429, rate_503: share of requests answered so, drawn with a fixed seed.
    retry_after: seconds said in Retry-After of those. item_failures: names or ids of offers that fail one by one.
    date_form: how moments are written: milliseconds, text or bean, the documented forms of Campaign; or day, local,
    slashes, seconds or offset, in which Collaborate writes its days and moments too (see Dialect in sandbox/dates.py).
    time_zone: IANA name of the zone of days, and of moments that name none.
    error_body: what 4xx and 5xx answers carry. rename: operationId to changes.
    header_names: documented header to the one used instead. login_method: verb of login and logout. faults: see Fault.

    Of Collaborate: empty_collections: "404" or "200", how a collection without items answers. drop_range: a proxy takes
    the header Range away. location: whether 201 says where the new object is. upload_max_bytes, upload_types: largest
    file and the endings of file names that attachments may have. stale_runs: the first reading of a run still answers
    what the row's run before it came to.

    Of Actito: actito_paths: which style of paths exists. actito_token_life: seconds that an access token lives.
    actito_new_token_kills: whether a new token voids the earlier ones of its key. actito_mask_denied: a missing right
    answers 404 instead of 403. actito_in_flight: requests of the licence at a time before 429; work is done within
    one turn of the loop, so requests only meet while `latency` holds them. actito_busy: share of requests that get 429
    when more than actito_busy_above are in flight, drawn with a fixed seed.
    actito_calls_per_minute: quota above which each call waits actito_slow_down seconds; it refuses nothing.
    actito_error_body: what 4xx and 5xx answers carry; mixed takes turns. actito_etl_per_day, actito_bulk_per_day:
    one-shot ETL executions of the licence and v4 imports of a table since the data is there, before 429.
    actito_most_rows: most rows of a search, whatever `number` says. actito_upload_max_bytes: largest file.
    """

    date: str = ""
    token_life: float = 15.0
    single_use_tokens: bool = False
    blocked: tuple[str, ...] = ()
    https_only: bool = False
    authentication: bool = True
    federated_tokens: tuple[str, ...] = ("federated-token",)
    offers_v1: bool = True
    offers_v2: bool = True
    v2_verbs: str = "both"
    strict: bool = True
    latency: float = 0.0
    rate_429: float = 0.0
    rate_503: float = 0.0
    retry_after: float | None = None
    item_failures: tuple[str, ...] = ()
    date_form: str = "milliseconds"
    time_zone: str = "UTC"
    error_body: str = "json"
    rename: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    header_names: Mapping[str, str] = field(default_factory=dict)
    login_method: str = "POST"
    faults: tuple[Mapping[str, Any], ...] = ()
    empty_collections: str = "404"
    drop_range: bool = False
    location: bool = True
    upload_max_bytes: int = 10 * 1024 * 1024
    upload_types: tuple[str, ...] = UPLOAD_TYPES
    stale_runs: bool = False
    actito_paths: str = "both"
    actito_token_life: float = 900.0
    actito_new_token_kills: bool = False
    actito_mask_denied: bool = False
    actito_in_flight: int = 5
    actito_busy: float = 0.0
    actito_busy_above: int = 2
    actito_calls_per_minute: int = 100
    actito_slow_down: float = 0.0
    actito_error_body: str = "json"
    actito_etl_per_day: int = 24
    actito_bulk_per_day: int = 12
    actito_most_rows: int = 1000
    actito_upload_max_bytes: int = 100 * 1024 * 1024

    def changed(self, changes: Mapping[str, Any]) -> Switches:
        """A copy with some switches set; raises ValueError that names the switch and what it takes."""
        if not isinstance(changes, Mapping):
            raise ValueError("the switches are a JSON object of name and value")
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _CHECKS:
                raise ValueError(f"unknown switch {name!r}; there are: {', '.join(_CHECKS)}")
            try:
                checked[name] = _CHECKS[name](value)
            except (ValueError, TypeError) as error:
                raise ValueError(f"switch {name!r}: {error}") from None
        return dataclasses.replace(self, **checked)

    def as_json(self) -> dict[str, Any]:
        """The switches as the control interface shows them."""
        return {name: _plain(getattr(self, name)) for name in _CHECKS}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "date": checks.day,
    "token_life": checks.seconds,
    "single_use_tokens": checks.boolean,
    "blocked": checks.systems,
    "https_only": checks.boolean,
    "authentication": checks.boolean,
    "federated_tokens": checks.texts,
    "offers_v1": checks.boolean,
    "offers_v2": checks.boolean,
    "v2_verbs": checks.one_of("both", "index", "reference"),
    "strict": checks.boolean,
    "latency": checks.seconds,
    "rate_429": checks.share,
    "rate_503": checks.share,
    "retry_after": checks.optional_seconds,
    "item_failures": checks.names_or_ids,
    "date_form": checks.one_of(*dates.DOCUMENTED, *dates.OTHER),
    "time_zone": checks.time_zone,
    "error_body": checks.one_of("json", "text", "html", "empty"),
    "rename": checks.renames,
    "header_names": checks.headers,
    "login_method": checks.one_of("POST", "GET"),
    "faults": checks.faults,
    "empty_collections": checks.one_of("404", "200"),
    "drop_range": checks.boolean,
    "location": checks.boolean,
    "upload_max_bytes": checks.number_of_bytes,
    "upload_types": checks.endings,
    "stale_runs": checks.boolean,
    "actito_paths": checks.one_of("both", "prefixed", "old"),
    "actito_token_life": checks.seconds,
    "actito_new_token_kills": checks.boolean,
    "actito_mask_denied": checks.boolean,
    "actito_in_flight": checks.count,
    "actito_busy": checks.share,
    "actito_busy_above": checks.count,
    "actito_calls_per_minute": checks.count,
    "actito_slow_down": checks.seconds,
    "actito_error_body": checks.one_of("json", "empty", "html", "mixed"),
    "actito_etl_per_day": checks.count,
    "actito_bulk_per_day": checks.count,
    "actito_most_rows": checks.count,
    "actito_upload_max_bytes": checks.number_of_bytes,
}
