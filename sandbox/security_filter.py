"""The security filter of Platform: who may pass, in the order of the notes (blocked, HTTPS, credentials, rights)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from sandbox import contract
from sandbox.accounts import ACCOUNTS, ANYBODY, FEDERATED_CLIENT, FEDERATED_PROVIDER, Account
from sandbox.refusals import Refused
from sandbox.routes import Match
from sandbox.switches import Switches
from sandbox.tokens import TokenStore


class Credentials:
    """The documented authentication headers of one request, whatever they are called on this installation."""

    def __init__(self, headers: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._headers = headers
        self._names = names

    def __getitem__(self, documented: str) -> str:
        return self._headers.get(self._names.get(documented, documented).lower(), "")

    @property
    def claimed_account(self) -> str | None:
        """The account the request says it comes from, proven or not."""
        return self["m_user_name"] or self["f_userId"] or None


def admit(system: str, match: Match, credentials: Credentials, switches: Switches, tokens: TokenStore) -> Account:
    """The account that makes the request; raises Refused with 401 or 403.

    For login only the block and HTTPS are checked here: its credentials are its content. A single-use token is used
    up by this check, whatever becomes of the request.
    """
    if system in switches.blocked:
        raise Refused(403, "Forbidden", code="API_BLOCKED")
    if switches.https_only:
        raise Refused(403, "Forbidden", code="HTTPS_REQUIRED")
    if match.login:
        return ANYBODY
    operation = match.operation
    logout = operation is not None and operation.operation_id == "logout"
    account = _identify(credentials, switches, tokens, federated_allowed=not logout)
    if operation is not None and not operation.readonly and not logout and not account.may_write:
        # Collaborate documents 401 for this (collaborate-notes, section 9).
        status = 401 if system == contract.COLLABORATE else 403
        raise Refused(status, f"The user {account.name} has no permission for this", code="NO_PERMISSION")
    return account


def log_in(credentials: Credentials, tokens: TokenStore) -> dict[str, str]:
    """Exchange name and password for a token (contract: login); 401 for anything else than a known pair."""
    account = ACCOUNTS.get(credentials["m_user_name"])
    password = credentials["m_user_password"]
    if account is None or not hmac.compare_digest(account.password.encode(), password.encode()):
        raise Refused(401, "Unauthorized")
    if credentials["api_auth_mode"] not in ("", "manager"):
        raise Refused(401, "Unauthorized")
    return tokens.login(account.name).as_answer()


def _identify(credentials: Credentials, switches: Switches, tokens: TokenStore, *, federated_allowed: bool) -> Account:
    if not switches.authentication:
        return ANYBODY
    mode = credentials["api_auth_mode"]
    if mode == "manager":
        account = ACCOUNTS.get(credentials["m_user_name"])
        if account and tokens.admits(account.name, credentials["m_tokenId"], switches.token_life):
            if switches.single_use_tokens:
                tokens.remove(account.name)
            return account
    elif mode == "fsso" and federated_allowed:
        account = ACCOUNTS.get(credentials["f_userId"])
        if (
            account
            and credentials["f_clientId"] == FEDERATED_CLIENT
            and credentials["f_spId"] == FEDERATED_PROVIDER
            and credentials["f_tokenId"] in switches.federated_tokens
        ):
            return account
    raise Refused(401, "Unauthorized")
