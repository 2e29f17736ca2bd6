"""What SNS and EventBridge deliver when an alarm changes its state, and how it is told.

A :class:`Notice` says what happened; from it are made the subject, the message, the e-mail and the
event. ``FilterPolicy`` tells which subscriptions get the message, ``string_to_sign`` what its
signature covers::

    notice = Notice(alarm, change, region="us-east-1", account="111122223333")
    body = message_of(notice)
    FilterPolicy({"NewStateValue": ["ALARM"]}, "MessageBody").matches(body)

A continuous run makes an :class:`Outgoing` from its announcements with ``compose`` and hands it to
a channel of :mod:`trailwarden.notify.channels`; ``delay`` says when to try again.
"""

from trailwarden.notify.backoff import delay
from trailwarden.notify.composing import compose
from trailwarden.notify.envelope import string_to_sign
from trailwarden.notify.eventbridge import state_change_event
from trailwarden.notify.mail import mail_text
from trailwarden.notify.message import message_of, published_message
from trailwarden.notify.notice import Change, Notice
from trailwarden.notify.outgoing import Channel, Outgoing
from trailwarden.notify.regions import region_name
from trailwarden.notify.subject import subject_of
from trailwarden.stack.filter_policy import FilterPolicy

__all__ = [
    "Change",
    "Channel",
    "FilterPolicy",
    "Notice",
    "Outgoing",
    "compose",
    "delay",
    "mail_text",
    "message_of",
    "published_message",
    "region_name",
    "state_change_event",
    "string_to_sign",
    "subject_of",
]
