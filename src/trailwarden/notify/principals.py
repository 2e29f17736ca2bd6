"""How people write principals in mutes: as reports name them, or as ARNs of AWS."""

from __future__ import annotations

import re
from functools import cache

# How the names of trail.identity begin; the last one is what a record holds without a type.
FORMS = (
    "Root (",
    "Root, assumed",
    "Root as ",
    "user/",
    "role/",
    "sso/",
    "federated-user/",
    "saml-user/",
    "web-identity/",
    "identity-center/",
    "directory/",
    "account/",
    "service/",
    "unknown/",
)
_ACCOUNT = r"(?P<account>[\d*?]*)"
_ARN = re.compile(
    rf"arn:[^:]*:(?:iam|sts)::{_ACCOUNT}:(?P<rest>(?:assumed-role|role|user|federated-user)/.+|root)",
    re.DOTALL | re.ASCII,
)
_SSO = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f*?]+")
# Names that end with the account, and of these the ones that have a session before it.
_IN_SESSION = frozenset({"role/", "sso/"})
_IN_ACCOUNT = _IN_SESSION | {"Root (", "Root, assumed", "Root as ", "user/", "federated-user/"}
_WITH_ACCOUNT = re.compile(r".*\(\d{12}\)", re.ASCII | re.DOTALL)
_END_OF_ACCOUNT = re.compile(r"(?: ?\(?\d*\))?", re.ASCII)
_WILD = re.compile(r"[*?\[]")


@cache
def spellings(pattern: str) -> tuple[str, ...]:
    """The globs, in the form of names in reports, that ``pattern`` stands for; itself first.

    An ARN of a role stands for all of its sessions, one of an assumed role for those it names.
    """
    found = _ARN.fullmatch(pattern)
    account, rest = (found["account"], found["rest"]) if found else ("", pattern)
    if not found and not rest.startswith("assumed-role/"):
        return (pattern,)
    end = f" ({account})" if account else "*" if found else ""
    return (pattern, *(f"{name}{end}" for name in _names(rest)))


def _names(rest: str) -> tuple[str, ...]:
    kind, _, name = rest.partition("/")
    if kind == "root":
        return ("Root",)
    if kind in ("user", "role"):
        name = name.rpartition("/")[2]  # names in reports have no path
    if kind == "role":
        kind, name = "assumed-role", f"{name}/*"
    if kind != "assumed-role":
        return (f"{kind}/{name}",)
    role, slash, session = name.partition("/")
    names = [f"role/{role}{slash}{session}"]
    permission_set = _SSO.fullmatch(role)
    if permission_set:
        names.append(f"sso/{permission_set[1]}{slash}{session}")
    return tuple(names)


def can_match(pattern: str) -> bool:
    """Whether any principal's name can have the form of ``pattern``."""
    return any(_may_be(one, form) for one in spellings(pattern) for form in FORMS)


def _may_be(pattern: str, form: str) -> bool:
    """Whether a name that begins with ``form`` may match, by the texts around the wildcards."""
    wild = [*_WILD.finditer(pattern)]
    begin = pattern[: wild[0].start()] if wild else pattern
    is_begun = begin.startswith(form) or (bool(wild) and form.startswith(begin))
    if not is_begun or form not in _IN_ACCOUNT:
        return is_begun
    if not wild:
        parts = 2 if form in _IN_SESSION else form.count("/")
        return bool(_WITH_ACCOUNT.fullmatch(pattern)) and pattern.count("/") >= parts
    end = pattern[wild[-1].end() :].rpartition("]")[2]
    return bool(_WITH_ACCOUNT.fullmatch(end) or _END_OF_ACCOUNT.fullmatch(end))


def near_form(pattern: str) -> str:
    """What may be meant by a pattern that can match nobody; empty where nothing is near."""
    begin, slash, rest = pattern.partition("/")
    if pattern.lower().startswith("root"):
        return f"Root{pattern[4:]}*" if "*" not in pattern else f"Root{pattern[4:]}"
    near = {"roles": "role", "users": "user", "iam-user": "user", "services": "service"}
    kind = begin.lower()
    kind = near.get(kind, kind)
    if f"{kind}/" in _IN_SESSION and "/" not in rest:
        return f"{kind}/{rest.partition(' ')[0]}/*"
    if f"{kind}/" in _IN_ACCOUNT and not _WILD.search(rest):
        return f"{kind}/{rest.partition(' ')[0]} (*)"
    if slash and f"{kind}/" in FORMS:
        return f"{kind}/{rest}"
    if pattern.endswith(".amazonaws.com"):
        return f"service/{pattern}"
    return "" if slash or ":" in pattern else f"role/{pattern}/*, or user/{pattern} (*)"
