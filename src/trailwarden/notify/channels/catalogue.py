"""Every option of every kind of channel."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trailwarden.notify.options import Option
from trailwarden.settings.model import ChannelKind

_SNS = (
    Option("topic_arn", "text", "the topic to publish to (default: the topic that is told)"),
    Option("region", "text", "the region of the topic (default: the one in its ARN)"),
)
_WEBHOOK = (
    Option("url", "text", "where to post to: http:// or https://", required=True),
    Option("raw", "boolean", "post the message alone, unsigned, as raw delivery", default=False),
    Option("headers", "list", "more headers, each as 'Name: value'", default=(), secret=True),
    Option("timeout", "integer", "seconds to wait for the answer", default=15, most=300),
    Option(
        "confirm",
        "text",
        "token: hold messages until the token sent to the url is confirmed",
        default="none",
        choices=("none", "token"),
    ),
    Option("cert_url", "text", "where you host webhook-cert.pem for the receivers"),
    Option("unsubscribe_url", "text", "where receivers may ask for no more messages"),
)
_SMTP = (
    Option("host", "text", "the mail server", required=True),
    Option("port", "integer", "its port (default: 587, implicit 465, none 25)"),
    Option(
        "tls",
        "text",
        "how the connection is encrypted",
        default="starttls",
        choices=("starttls", "implicit", "none"),
    ),
    Option("user", "text", "the name to log in with"),
    Option("password", "secret", "the password to log in with"),
    Option("from", "text", "the sender's address", required=True),
    Option("to", "list", "the recipients' addresses", required=True),
    Option("timeout", "integer", "seconds to wait for each answer", default=30, most=300),
)
_APPRISE = (Option("urls", "list", "Apprise's URLs of the services", required=True, secret=True),)
_EXEC = (
    Option("command", "list", "the program and its arguments (no shell)", required=True),
    Option("timeout", "integer", "seconds after which it is killed", default=30, most=3600),
)

OPTIONS: Mapping[ChannelKind, Mapping[str, Option]] = MappingProxyType(
    {
        "sns": {option.name: option for option in _SNS},
        "webhook": {option.name: option for option in _WEBHOOK},
        "smtp": {option.name: option for option in _SMTP},
        "apprise": {option.name: option for option in _APPRISE},
        "exec": {option.name: option for option in _EXEC},
        "stdout": {},
    }
)
