"""A password or key, from where the settings say it is: a file or the keyring of the system."""

from __future__ import annotations

from pathlib import Path

from mcp_server.settings.problems import Wrong


def from_file(name: str, key: str) -> str:
    """The content of a file of secrets, without the line end that editors put behind it.

    `key` is that of the settings whose value the file holds, such as `password`.

    Raises:
        Wrong: it can't be read, or is empty.
    """
    try:
        secret = Path(name).expanduser().read_text(encoding="utf-8-sig").rstrip("\r\n")
    except FileNotFoundError:
        raise Wrong("there is no such file", f"Write the full path of the file that holds the {_called(key)}") from None
    except UnicodeDecodeError:
        raise Wrong("the file is no text in UTF-8", "Save it as UTF-8") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise Wrong(f"the file can't be read ({type(error).__name__})", "Let this user read it") from None
    if not secret:
        raise Wrong("the file is empty", f"Put the {_called(key)} into it, and nothing else")
    return secret


def from_keyring(entry: str, key: str) -> str:
    """What the keyring of the system has for `service/name`, as the value of a key of the settings.

    Raises:
        Wrong: the form is another, the package is absent, or the keyring has no such entry.
    """
    service, _, name = entry.partition("/")
    if not service or not name:
        raise Wrong("not of the form service/name", "Write it as campaign-mcp/service-account")
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        raise Wrong("the package keyring is not installed", "Install campaign-mcp[keyring]") from None
    try:
        secret = keyring.get_password(service, name)
    except KeyringError as error:
        raise Wrong(
            f"the keyring can't be used ({type(error).__name__})", f"Use {key}_file where there is no keyring"
        ) from None
    if not secret:
        raise Wrong("the keyring has no such entry", "Add it with: keyring set SERVICE NAME")
    return str(secret)


def _called(key: str) -> str:
    return key.replace("api_key", "API key")
