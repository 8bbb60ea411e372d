"""The one door to the campaign systems: `SessionManager` owns a `Session` for each system and identity.

    async with SessionManager({"unica": access}, tokens, approval_key=key) as manager:
        campaigns = await manager.session("unica").send(GetCampaigns())

A session logs in when it must, repeats what may be repeated, and holds whatever belongs to one person: nothing hangs on
a module, or rows would leak between people who share a server.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import TracebackType
from typing import Any, TypeVar, cast

from upstream import refusals
from upstream.account import Account, OpenAccount
from upstream.answers import Sent, read
from upstream.approval import Approval, demand
from upstream.auth import ApiKey, Authentication, Federated, ManagerLogin, NoAuthentication
from upstream.delivery import Delivery, Outgoing
from upstream.errors import NotConfigured, Refused
from upstream.federated import FederatedAccount
from upstream.forms import Forms
from upstream.http import Http
from upstream.limits import Policy, Traffic
from upstream.manager import ManagerAccount
from upstream.moment import DateForm, Dates, Lossy
from upstream.platform import PLATFORM_API
from upstream.renewal import Desk
from upstream.request import Override, Request, override_of
from upstream.styles import PathStyle, Styles, styled_path
from upstream.tokens import TokenStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Access:
    """How one identity reaches one system.

    `addresses` maps the name of an API to what stands before its mount, such as https://unica.example.com/sub.
    `overrides` maps a request class or an operation to how this installation differs from the published pages.
    `prefixes` maps a category of routes to what stands in front of its paths here, and `path_style` says whether
    anything does (None: found out); both concern the APIs that have categories in their paths.
    `time_zone` is that of dates which say none, `date_form` how this installation writes dates.
    """

    system: str
    addresses: Mapping[str, str]
    authentication: Authentication
    policy: Policy = field(default_factory=Policy)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    path_style: PathStyle | None = None
    time_zone: tzinfo = UTC
    date_form: DateForm = "auto"


class Session:
    """Calls to one system in the name of one identity. Made by `SessionManager.session`."""

    def __init__(
        self, access: Access, identity: str, *, account: Account, http: Http, traffic: Traffic, approval_key: bytes
    ) -> None:
        self.system = access.system
        self.identity = identity
        self._access = access
        self._account = account
        self._approval_key = approval_key
        self._delivery = Delivery(account, http, traffic, access.policy)
        self._forms = Forms(self.send)
        self._styles = Styles(self._exchange, access.path_style)
        self._attached: dict[type[Any], Any] = {}
        self._dates: dict[str, Dates] = {}

    async def send(self, request: Request[T], *, approval: Approval | None = None) -> T:
        """Make one call and read its answer.

        A token that died is renewed and the call repeated, writes included, since a 401 comes before any work. Reads
        are repeated within the policy's `repeat_within` when the system is away or busy, writes only when nothing
        left. A cancellation does not interrupt a write that left: its outcome is awaited first.

        Raises:
            ApprovalMissing: the request is of guarded risk and `approval` does not cover it; nothing was sent.
            OutcomeUnknown: a write left, and whether it happened is not known; it must not be sent again.
            UpstreamError: any other of its kinds; the text says what to do.
        """
        demand(self._approval_key, approval, cast("Request[object]", request))
        override = override_of(request, self._access.overrides)
        if request.styled and not (override and override.path):
            return cast("T", await self._styles.send(request))
        return cast("T", await self._exchange(request))

    async def _exchange(self, request: Request[Any], style: PathStyle | None = None) -> Any:
        """Make one call that may be made, in a style of paths where the API has several."""
        base = self.address(request.api.name)
        dates = self.dates(request.api.name)
        try:
            wire = request.wire(override_of(request, self._access.overrides), dates)
        except Lossy as error:
            raise Refused(
                f"{request.operation_id} was not sent: {error}.",
                advice="Give it without; or, if the installation takes more than it shows, say how it writes dates: "
                f"{refusals.setting(self.system, 'DATE_FORM')}.",
                operation=request.operation_id,
            ) from None
        if style is not None:
            wire.path = styled_path(wire.path, style, self._access.prefixes.get(request.category, ""))
        outgoing = Outgoing.of(wire, base + request.api.mount, request.most_bytes)
        sent, reply = await self._delivery.deliver(outgoing, Sent.of(request, self.system, base))
        return read(request, sent, reply, dates)

    async def sign_in(self) -> None:
        """Make sure that there is a token, without calling anything; raises as `send` does."""
        await self._delivery.sign_in()

    # forms of a family of routes

    async def send_form(
        self,
        family: str,
        forms: Mapping[str, Request[T]],
        *,
        prefer: Sequence[str] = (),
        probe: Mapping[str, Request[Any]] | None = None,
    ) -> T:
        """Make a read in the form that this installation has, learning which one that is.

        `forms` maps the name of a form to the same read in that form, tried in the order of `prefer` and then of
        `forms`; the first that works is learnt. `probe` maps the forms to a read that names nothing, by which an
        unknown id is told from a missing route.

        Raises:
            RouteMissing: the installation has none of the forms.
            UpstreamError: as `send` does.
        """
        return await self._forms.read(family, forms, prefer, probe or {})

    def form(self, family: str) -> str | None:
        """The form that a read has learnt; a write uses no other."""
        return self._forms.known(family)

    def path_style(self, category: str) -> PathStyle | None:
        """How the paths of a category begin, as a read has learnt or the settings demand."""
        return self._styles.known(category)

    # what belongs to the identity

    def attached(self, kind: type[T]) -> T:
        """The one object of this class that belongs to the session, made at first use: caches of the upper floors."""
        if kind not in self._attached:
            self._attached[kind] = kind()
        return cast("T", self._attached[kind])

    def dates(self, api: str) -> Dates:
        """How dates of an API are read and written, with what its answers have shown so far."""
        if api not in self._dates:
            self._dates[api] = Dates(self._access.time_zone, self._access.date_form)
        return self._dates[api]

    def address(self, api: str) -> str:
        """The base address of an API, without a slash at its end. Raises NotConfigured."""
        address = self._access.addresses.get(api, "").strip().rstrip("/")
        if not address:
            raise NotConfigured(
                f"There is no address for {api}.", advice=f"Set {refusals.address_setting(self.system, api)}."
            )
        return address

    @property
    def account(self) -> str:
        """A digest of address and user: the same for whoever works with the same account."""
        return self._account.digest

    @property
    def token_life(self) -> float | None:
        """Seconds that a token lives as far as has been seen, 0 when it serves one call; None where it is not ours."""
        return self._account.life

    @property
    def warnings(self) -> list[str]:
        """What the person who runs this should know, though calls succeed."""
        return list(self._account.warnings)

    def take_warnings(self) -> list[str]:
        """The warnings so far, which are thereby told."""
        taken = list(self._account.warnings)
        self._account.warnings.clear()
        return taken


class SessionManager:
    """Hands out sessions and owns what they share: tokens, connections, and the count of requests in flight."""

    def __init__(
        self,
        access: Mapping[str, Access | Mapping[str, Access]],
        tokens: TokenStore,
        *,
        approval_key: bytes,
        owner: str = "",
    ) -> None:
        """Nothing is opened yet.

        `access` maps a system to its only identity, or to several by name. `approval_key` is the key that the guard
        mints approvals with. `owner` names this process in the token store.
        """
        self._access = {
            system: {"default": known} if isinstance(known, Access) else dict(known) for system, known in access.items()
        }
        self._tokens = tokens
        self._approval_key = approval_key
        self._owner = owner or f"{os.getpid()}-{secrets.token_hex(8)}"
        self._sessions: dict[tuple[str, str], Session] = {}
        self._accounts: dict[tuple[object, ...], Account] = {}
        self._clients: dict[Policy, Http] = {}
        self._traffic: dict[str, Traffic] = {}

    async def __aenter__(self) -> SessionManager:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def session(self, system: str, identity: str = "default") -> Session:
        """The session of an identity with a system; always the same one.

        Raises:
            NotConfigured: the settings do not have the system, the identity, or its account.
        """
        if (system, identity) not in self._sessions:
            access = self._access.get(system, {}).get(identity)
            if access is None:
                whom = "" if identity == "default" else f" for {identity}"
                raise NotConfigured(
                    f"{system} is not configured{whom}.",
                    advice=f"Set {refusals.setting(system, 'URL')} and its account.",
                )
            http = self._clients.setdefault(access.policy, Http(access.policy))
            self._sessions[system, identity] = Session(
                access,
                identity,
                account=self._account(access, http),
                http=http,
                traffic=self._traffic.setdefault(system, _traffic(access)),
                approval_key=self._approval_key,
            )
        return self._sessions[system, identity]

    async def close(self) -> None:
        """Log out where nobody else uses the account, and close all connections. The manager can be used again."""
        accounts, clients = list(self._accounts.values()), list(self._clients.values())
        for known in (self._sessions, self._accounts, self._clients, self._traffic):
            known.clear()
        for account in accounts:
            await account.leave()
        for client in clients:
            await client.close()

    def _account(self, access: Access, http: Http) -> Account:
        """One account for all identities that log in alike: two with one name would kill each other's tokens."""
        match access.authentication:
            case ManagerLogin() as login:
                return self._manager_account(access, login, http)
            case Federated() as federated:
                address = next(iter(access.addresses.values()), "")
                return FederatedAccount(federated, system=access.system, address=address)
            case ApiKey() as key:
                return self._key_account(access, key, http)
            case NoAuthentication():
                return OpenAccount(system=access.system, address=next(iter(access.addresses.values()), ""))

    def _manager_account(self, access: Access, login: ManagerLogin, http: Http) -> Account:
        for value, name in ((login.username, "USERNAME"), (login.password, "PASSWORD")):
            if not value:
                raise NotConfigured(
                    f"There is no account for {access.system}.", advice=f"Set {refusals.setting(access.system, name)}."
                )
        platform = access.addresses.get(PLATFORM_API.name, "").strip()
        if not platform:
            raise NotConfigured(
                f"There is no address for the login to {access.system}.",
                advice=f"Set {refusals.address_setting(access.system, PLATFORM_API.name)}.",
            )
        desk = self._desk(access, platform, http)
        return self._once(desk, (login.username, login.password), lambda: ManagerAccount(login, desk, access.overrides))

    def _key_account(self, access: Access, key: ApiKey, http: Http) -> Account:
        from upstream.key import KeyAccount

        address = next(iter(access.addresses.values()), "").strip()
        for value, name in ((key.key, "API_KEY"), (address, "URL")):
            if not value:
                raise NotConfigured(
                    f"There is no account for {access.system}.", advice=f"Set {refusals.setting(access.system, name)}."
                )
        desk = self._desk(access, address, http)
        return self._once(desk, (key.key,), lambda: KeyAccount(key, desk, access.overrides))

    def _desk(self, access: Access, address: str, http: Http) -> Desk:
        owner = f"{self._owner}/{len(self._accounts)}"
        return Desk(access.system, address, http, self._tokens, access.policy, owner)

    def _once(self, desk: Desk, secrets: tuple[str, ...], make: Callable[[], Account]) -> Account:
        known = (desk.system, desk.address.rstrip("/").lower(), *secrets)
        if known not in self._accounts:
            self._accounts[known] = make()
        return self._accounts[known]


def _traffic(access: Access) -> Traffic:
    match access.authentication:
        case ApiKey() as key:
            return Traffic(access.policy, key.usual_in_flight, key.most_in_flight)
    return Traffic(access.policy)
