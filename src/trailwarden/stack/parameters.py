"""The values of a template's parameters: given, by default, or unknown until deployment."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace

from trailwarden.errors import DefinitionError, Location
from trailwarden.stack.constraints import Constraints
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Entries, Entry, Items, Mark, Node, Scalar
from trailwarden.stack.pseudo import PSEUDO_NAMES, pseudo_parameters
from trailwarden.stack.template import Template, as_entries, did_you_mean, null_error, wrong_kind
from trailwarden.text import visible

_NAME = re.compile(r"[0-9A-Za-z]{1,255}")
_STORED = "AWS::SSM::Parameter::"


class Parameters:
    """Looks up parameters, the pseudo parameters among them.

    A parameter without a value stays unknown: its text is the token ``${Name}``. So does a
    parameter of a Systems Manager type, whose default is only the name of what is stored; a value
    that is given for it stands for the stored one. A default that its own constraints forbid is
    there to be replaced: it is as good as none. What is wrong with a parameter is a finding, and
    the parameter stays unknown (``wrong``), so that the rest can be looked at all the same.
    """

    def __init__(
        self,
        template: Template,
        given: Mapping[str, str],
        stack_name: str,
        findings: Findings,
        elsewhere: Container[str] = (),
    ) -> None:
        """``elsewhere`` are parameters of the stack's other templates, which may be given, too."""
        self._template = template
        self._document = template.document
        self._findings = findings
        self._given = self.given = given
        self.feed: Callable[[str, Mark, bool], Node | None] = lambda *_: None
        self.wrong: set[str] = set()
        try:
            values = pseudo_parameters(given, stack_name)
        except DefinitionError as error:
            findings.errors.append(error)
            values = pseudo_parameters({}, stack_name)
        self._values: dict[str, Node | None] = dict(values)
        for name in given:
            is_known = name in PSEUDO_NAMES or name in template.parameters
            if not is_known and name not in elsewhere:
                with findings.collect():
                    raise self._unknown_name(name)
        for name, entry in template.parameters.items():
            self._values[name] = Scalar(f"${{{name}}}", entry.key_mark, unknown=(name,))
            self.wrong.add(name)
            with findings.collect():
                self._declare(name, entry, given.get(name))
                self.wrong.remove(name)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> Iterable[str]:
        return self._values

    def value(self, name: str, mark: Mark) -> Node | None:
        """The value, standing at ``mark``. None for AWS::NoValue."""
        value = self._values[name]
        if name not in self._given and name in self._template.parameters:
            has_default = not (isinstance(value, Scalar) and (value.unknown or not value.text))
            fed = self.feed(name, mark, has_default)
            if fed is not None:
                return fed
        if isinstance(value, Scalar):
            return replace(value, mark=mark)
        return Items(value.items, mark) if isinstance(value, Items) else value

    def is_default(self, name: str) -> bool:
        """Whether a deployment may well have another value: one that nobody gave."""
        if name in self._given or name not in self._values:
            return False
        return name == "AWS::Region" or name in self._template.parameters

    def text(self, name: str) -> Scalar:
        """The value of a pseudo parameter that is a single text."""
        value = self._values[name]
        assert isinstance(value, Scalar)  # noqa: S101 - nothing else is asked for
        return value

    def cure(self, unknown: Iterable[str]) -> str:
        """How to make known what depends on ``unknown``."""
        settable = [name for name in unknown if name in self._values]
        if settable:
            return "give " + " ".join(f"--parameter {name}=VALUE" for name in settable)
        return "write the value itself, or make it a parameter and give --parameter NAME=VALUE"

    def _unknown_name(self, name: str) -> DefinitionError:
        known = tuple(self._values) + tuple(self._template.parameters)
        own = ", ".join(self._template.parameters) or "none"
        return DefinitionError(
            f"the template has no parameter {visible(name, 100)!r}",
            location=Location(self._document.source),
            cure=did_you_mean(name, known) or f"its parameters are: {visible(own, 1000)}",
        )

    def _declare(self, name: str, entry: Entry, given: str | None) -> None:
        if not _NAME.fullmatch(name):
            raise self._document.error(
                entry.key_mark,
                f"Parameters.{name}",
                f"a parameter cannot be called {visible(name, 100)!r}",
                "use letters and digits only",
            )
        self._values[name] = self._value(name, entry, given)

    def _value(self, name: str, entry: Entry, given: str | None) -> Node:
        path = f"Parameters.{name}"
        declaration = as_entries(self._document, entry.value, path)
        type_name = self._text_of(declaration, "Type", path)
        if type_name is None:
            raise self._document.error(
                entry.key_mark, path, "the parameter has no Type", "say Type: String, for instance"
            )
        default = None if type_name.startswith(_STORED) else declaration.get("Default")
        if given is not None:
            text, mark = given, entry.key_mark
        elif default is not None:
            text, mark = self._text_of(declaration, "Default", path) or "", default.mark
        else:
            return Scalar(f"${{{name}}}", entry.key_mark, unknown=(name,))
        constraints = Constraints(self._document, self._findings, declaration, name, mark)
        is_list = type_name == "CommaDelimitedList" or "List<" in type_name
        parts = [part.strip() for part in text.split(",")] if is_list else [text]
        try:
            for part in parts:
                constraints.check(part, is_number="Number" in type_name)
        except DefinitionError as error:
            is_of_value = error.location is not None and error.location.key == path
            if given is not None or not is_of_value:
                raise
            self._findings.note(
                "default-not-allowed",
                f"the default of the parameter {name} is one that its own constraints forbid, so "
                f"that its value is not known before deployment: {error.message}",
                error.location,
            )
            return Scalar(f"${{{name}}}", entry.key_mark, unknown=(name,))
        origin = name if given is None else ""
        scalars = tuple(Scalar(part, entry.key_mark, default_of=origin) for part in parts)
        return Items(scalars, entry.key_mark) if is_list else scalars[0]

    def _text_of(self, declaration: Entries, key: str, path: str) -> str | None:
        node = declaration.get(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            raise wrong_kind(self._document, node, f"{path}.{key}", "a single value")
        if node.kind == "null":
            raise null_error(self._document, node.mark, f"{path}.{key}")
        if node.kind == "octal":
            self.note_octal(node, f"{path}.{key}")
        return node.text

    def note_octal(self, node: Scalar, path: str) -> None:
        """A number with a leading zero is taken as it is spelled here, not so in CloudFormation."""
        self._findings.note(
            "octal-number",
            f"CloudFormation reads {node.text} without quotes as an octal number, "
            f"{int(node.text, 8)}; here it is taken as spelled: put it in quotes",
            self._document.location(node.mark, path),
        )
