"""What the key may read: one cheap read for each category, and what it shows of versions and paths.

A key may be limited on purpose, so a missing right is a warning. A read finds nobody or no more than one record where
it could find people or their data; only numbers are said of what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_server.doctor.reads import Read, read
from mcp_server.doctor.report import Report
from mcp_server.settings.actito import Actito
from tools.actito.entity_book import NO_ENTITY
from tools.actito.table_book import described
from tools.actito.table_structure import Kind
from upstream.actito.custom_actions import ListCustomActions
from upstream.actito.custom_tables import ListCustomTables, ListCustomTablesV4
from upstream.actito.emails import ListEmailCampaigns
from upstream.actito.entities import ListEntities, ListEntitiesV4
from upstream.actito.imports import ListEtls
from upstream.actito.profile_tables import ListProfileTableNamesV4, ListProfileTables
from upstream.actito.profiles import ListProfilesV4, SearchProfiles
from upstream.actito.records import SearchRecords
from upstream.actito.scenarios import ListScenarios
from upstream.actito.webhooks import ListWebhooks
from upstream.errors import Forbidden, NotFound, Refused, RouteMissing, Throttled, Unreadable
from upstream.errors import UpstreamError as Failure
from upstream.refusals import setting
from upstream.request import Request
from upstream.session import Session

SYSTEM = "actito"
SHOWN = 5
NOBODY = "0"
"""A number that no profile has."""


async def examine(actito: Actito, session: Session, report: Report) -> None:
    """A line for the entities and for each category of reads, then for the versions and paths that answered."""
    reads = _Reads(actito, session, report)
    entity = await reads.entities()
    if entity is not None:
        await _categories(reads, entity)
    else:
        reads.skip("the rest", "no entity is known to look into")
    _unseen(report)
    reads.versions()
    reads.paths()


async def _categories(reads: _Reads, entity: str) -> None:
    profiles = await reads.either(
        "profile tables",
        Kind.PROFILES.family,
        ListProfileTables(entity=entity),
        ListProfileTableNamesV4(entity=entity),
    )
    custom = await reads.either(
        "custom tables", Kind.CUSTOM.family, ListCustomTables(entity=entity), ListCustomTablesV4(entity=entity)
    )
    name, number = _first(profiles)
    if name:
        await reads.either(
            "profiles",
            "profiles",
            SearchProfiles(entity=entity, profile_table_id=number, filter={"profileId": NOBODY}),
            ListProfilesV4(entity=entity, table=name, search=f"profileId={NOBODY}", number=1),
            found=f"a search in {name} that finds nobody is answered",
        )
    else:
        reads.skip("profiles", "no profile table is known to look into")
    records, _ = _first(custom)
    if records:
        request = SearchRecords(entity=entity, custom_table=records, number=1)
        await reads.one("custom data", request, found=f"records of {records} are answered")
    else:
        reads.skip("custom data", "no custom table is known to look into")
    await reads.one("imports", ListEtls(entity=entity))
    await reads.one("e-mail campaigns", ListEmailCampaigns(entity=entity))
    if name:
        await reads.one("scenarios", ListScenarios(entity=entity, table=name), place=f" of {name}")
    else:
        reads.skip("scenarios", "no profile table is known whose scenarios to list")
    await reads.one("webhooks", ListWebhooks(entity=entity))
    await reads.one("custom actions", ListCustomActions(entity=entity))


def _unseen(report: Report) -> None:
    """What no cheap read shows."""
    report.add("may read forms", "skipped", "Actito has no list of forms: read one by its name to see")
    report.add("may write", "skipped", "can't be seen without writing: the first change of each kind shows it")


def _first(tables: Sequence[Any]) -> tuple[str, str]:
    """Name and number of a table, or its name twice where no number is known."""
    for each in tables:
        if each.name:
            return each.name, getattr(each, "id", "") or each.name
    return "", ""


@dataclass(slots=True)
class _Reads:
    """Reads of one entity and what became of them. Nothing is read any more once tokens are not taken.

    `right` is what the last read needs.
    """

    actito: Actito
    session: Session
    report: Report
    entity: str = ""
    right: str = ""
    stopped: bool = False
    families: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)

    async def entities(self) -> str | None:
        """The entity to look into; None when no further call makes sense."""
        check, wanted = "entities", self.actito.entity.strip()
        found = await self._either("entities", ListEntities(), ListEntitiesV4())
        if found.error is None:
            return self._named(check, [str(each.name) for each in found.answer if each.name], wanted)
        if not isinstance(found.error, Forbidden | NotFound | RouteMissing):
            self._failed(check, found.error)
            return None
        todo = self._unlisted()
        if not wanted:
            self.report.add(check, "fault", found.error.message, todo)
            return None
        seen = f"can't be listed; {wanted} of the settings is looked into: {found.error.message}"
        self.report.add(check, "warning", seen, todo)
        return self._chosen(wanted)

    def _unlisted(self) -> str:
        """What to do where the entities can't be listed."""
        demands = {"API": self.actito.api, "PATH_STYLE": self.actito.path_style}
        for name, demanded in demands.items():
            if demanded != "auto":
                return f"Set {setting(SYSTEM, name)} to auto: it demands {demanded}, which does not answer."
        todo = "let an administrator of the licence look at the rights of the key."
        if not self.actito.entity:
            todo = f"name an entity in {setting(SYSTEM, 'ENTITY')}, and {todo}"
        return f"Check what {setting(SYSTEM, 'URL')} says before /entities; if it is right, {todo}"

    def _named(self, check: str, names: Sequence[str], wanted: str) -> str:
        shown = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
        count = f"{len(names)} {'entity' if len(names) == 1 else 'entities'}: {shown}"
        meant = next((each for each in names if each == wanted), "") or next(
            (each for each in names if each.casefold() == wanted.casefold()), ""
        )
        if wanted == NO_ENTITY:
            self.report.add(check, "ok", f"{count}; the settings say that none is meant ({NO_ENTITY})")
            return self._chosen(NO_ENTITY)
        if not names:
            self.report.add(
                check,
                "warning",
                f"none is listed, so {wanted or NO_ENTITY} stands in addresses",
                "A licence without entities answers so, and one whose key may use none: ask its administrator.",
            )
            return self._chosen(wanted or NO_ENTITY)
        if wanted and not meant:
            self.report.add(
                check,
                "fault",
                f"{wanted} of the settings is not among them; {count}",
                f"Set {setting(SYSTEM, 'ENTITY')} to one that the key may use.",
            )
        elif wanted:
            self.report.add(check, "ok", f"{count}; {meant} is meant where a call names none")
        elif len(names) == 1:
            self.report.add(check, "ok", f"{count}, which is meant always")
        else:
            todo = f"{setting(SYSTEM, 'ENTITY')} can name the usual one"
            self.report.add(check, "ok", f"{count}; each call names one ({todo}); {names[0]} is looked into")
        return self._chosen(meant or names[0])

    def _chosen(self, entity: str) -> str:
        self.entity = entity
        return entity

    async def either(
        self, things: str, family: str, v5: Request[Any], v4: Request[Any], *, found: str = ""
    ) -> Sequence[Any]:
        """Read in the version that is there; answers the items."""
        if self._skipped(things):
            return []
        return self._told(things, await self._either(family, v5, v4), found, "")

    async def one(self, things: str, request: Request[Any], *, found: str = "", place: str = "") -> None:
        """Make a read that has one version only."""
        if not self._skipped(things):
            self._seen(request)
            self._told(things, await read(self.session, request), found, place)

    def skip(self, things: str, why: str) -> None:
        """Say why a category is not read."""
        if not self._skipped(things):
            self.report.add(_check(things), "skipped", why)

    def _skipped(self, things: str) -> bool:
        if self.stopped:
            self.report.add(_check(things), "skipped", "calls with fresh tokens are refused")
        return self.stopped

    async def _either(self, family: str, v5: Request[Any], v4: Request[Any]) -> Read:
        forms: Mapping[str, Request[Any]] = {"v5": v5, "v4": v4}
        forms = {self.actito.api: forms[self.actito.api]} if self.actito.api in forms else forms
        self.families.append(family)
        self._seen(v5)
        try:
            return Read(v5.operation, await self.session.send_form(family, forms))
        except Failure as error:
            return Read(v5.operation, error=error)

    def _seen(self, request: Request[Any]) -> None:
        self.categories.append(request.category)
        self.right = request.right

    def _told(self, things: str, seen: Read, found: str, place: str) -> Sequence[Any]:
        if seen.error is not None:
            self._failed(_check(things), seen.error)
            return []
        answer = seen.answer
        items: Sequence[Any] = answer if isinstance(answer, list) else described(answer.model_extra or {})
        self.report.add(_check(things), "ok", found or f"{len(items)}{place} in {self.entity}")
        return items

    def _failed(self, check: str, error: Failure) -> None:
        """What a failed read means."""
        right = f" the right {self.right}" if self.right else " a right"
        todo = "Needed? Let an administrator of the licence give it to the key, in the app of the API users."
        match error:
            case _ if error.status == 401:
                self.stopped = True
                self.report.add(check, "fault", error.message, error.advice)
            case Forbidden():
                self.report.add(check, "warning", f"the key lacks{right}, or may not use {self.entity} (403)", todo)
            case NotFound():
                seen = f"the key lacks{right}, or there is nothing (404 in both styles of paths)"
                self.report.add(check, "warning", seen, todo)
            case RouteMissing() | Refused():
                seen = f"the request is not taken as it stands, whatever the right: {error.message}"
                todo = f"Describe the route of this licence under {setting(SYSTEM, 'ROUTES')}."
                self.report.add(check, "warning", seen, todo)
            case Throttled():
                todo = "The licence is busy: run the doctor again when other programs pause."
                self.report.add(check, "warning", f"could not be told: {error.message}", todo)
            case Unreadable():
                todo = (
                    "A gateway or login page may answer in its place. If Actito itself does, describe the route under "
                    f"{setting(SYSTEM, 'ROUTES')}."
                )
                self.report.add(check, "fault", f"does not answer as the contract says: {error.message}", todo)
            case _:
                self.report.add(check, "fault", error.message, error.advice or "Try again; then ask Actito's support.")

    def versions(self) -> None:
        """Which version of the routes answers where there are two."""
        known = {family: form for family in self.families if (form := self.session.form(family))}
        _spread("versions", known, self.actito.api, self.report)

    def paths(self) -> None:
        """How the paths of each category begin."""
        known = {each: str(style) for each in self.categories if (style := self.session.path_style(each))}
        _spread("paths", known, self.actito.path_style, self.report)


def _spread(check: str, known: Mapping[str, str], demanded: str, report: Report) -> None:
    """Which names have which value: one for all of them, or several."""
    names: dict[str, list[str]] = {}
    for name, value in known.items():
        names.setdefault(value, []).append(name)
    if demanded != "auto":
        report.add(check, "ok", f"{demanded}, as set")
    elif not names:
        report.add(check, "skipped", "nothing was answered that shows it")
    elif len(names) == 1:
        value, which = next(iter(names.items()))
        report.add(check, "ok", f"{value} in all that was answered: {', '.join(which)}")
    else:
        spelled = "; ".join(f"{value} for {', '.join(which)}" for value, which in names.items())
        report.add(check, "ok", f"mixed, which is no fault: {spelled}")


def _check(things: str) -> str:
    return f"may read {things}"
