"""Working out a template's functions: nodes in, nodes without functions out.

Nothing is guessed. What stays unknown until deployment (an account's number, a parameter without a
value, an export of another stack) becomes a token in the text, such as ``${Alerts.TopicArn}``,
which equals itself and nothing else. Conditions on it are unknown too. Only where a value must be
known, it is an error that it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from trailwarden.errors import DefinitionError
from trailwarden.stack.calls import Call
from trailwarden.stack.conditions import Conditions
from trailwarden.stack.functions import FUNCTIONS
from trailwarden.stack.limits import MAX_NESTING, MAX_NODES, MAX_TEXT
from trailwarden.stack.links_between import Between
from trailwarden.stack.loops import PREFIX, expand
from trailwarden.stack.nodes import Entries, Entry, Items, Mark, Node, Scalar, spelled, text_size
from trailwarden.stack.parameters import Parameters
from trailwarden.stack.references import References
from trailwarden.stack.substitution import variables_in
from trailwarden.stack.template import CONNECTORS, MODULE, TRANSFORM, Template, did_you_mean

_CONDITION_FUNCTIONS = ("Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")
_DYNAMIC = "{{resolve:"
_SERVERLESS = "AWS::Serverless::"
_OUTPUTS = "Outputs."  # of a nested stack
_BY_SERVERLESS = ("Serverless", "CodeDeployServiceRole")


class TransformedError(DefinitionError):
    """Something is made by a macro, which is not run; nor is a resource that holds it."""


class Resolver:
    """Works out nodes of one template. ``resources`` are those of the template, loops expanded."""

    def __init__(self, template: Template, parameters: Parameters) -> None:
        self.template = template
        self.document = template.document
        self.parameters = parameters
        self.resources: Mapping[str, Entry] = template.resources  # set before they are asked for
        self.between: Between | None = None  # where the stack has other templates
        self.nested_stacks: set[str] = set()  # stacks whose templates are here as well
        self.makes_more = False  # a loop over what is unknown makes resources, too
        self.conditions = Conditions(self)
        self.references = References(self)
        self._nesting = 0
        self._text_made = 0
        self._nodes_made = 0

    def resolve(self, node: Node, path: str) -> Node | None:
        """``node`` without functions; None for AWS::NoValue.

        ``path`` is the node's place, for errors. Raises
        :class:`~trailwarden.errors.DefinitionError`.
        """
        if isinstance(node, Scalar):
            return self._dynamic(node) if _DYNAMIC in node.text else node
        self.count_node(node.mark, path)
        with self.nested(node.mark, path):
            if isinstance(node, Items):
                found = [self.resolve(n, f"{path}[{i}]") for i, n in enumerate(node.items)]
                return Items(tuple(n for n in found if n is not None), node.mark)
            return self._object(node, path)

    def ref(self, name: str, mark: Mark, path: str) -> Node | None:
        """``Ref``: of a parameter or a resource."""
        if name in self.parameters:
            return self.parameters.value(name, mark)
        if self._is_made_elsewhere(name):
            return Scalar(f"${{{name}}}", mark, unknown=(name,))
        self._check_resource(name, mark, path, tuple(self.parameters.names()))
        return self.references.ref(name, mark)

    def attribute(self, resource: str, attribute: str, mark: Mark, path: str) -> Scalar:
        """``Fn::GetAtt``."""
        if self._is_made_elsewhere(resource):
            name = f"{resource}.{attribute}"
            return Scalar(f"${{{name}}}", mark, unknown=(name,))
        self._check_resource(resource, mark, path)
        if self.between is not None and attribute.startswith(_OUTPUTS):
            name = attribute.removeprefix(_OUTPUTS)
            found = self.between.output(self, resource, name, mark)
            if isinstance(found, Scalar):
                return found
        return self.references.attribute(resource, attribute, mark, path)

    def scoped(self, logical_id: str) -> str:
        """The resource's id, unlike those of the stack's other templates."""
        return self.between.scoped(self, logical_id) if self.between else logical_id

    def rests_on_default(self, node: Node) -> bool:
        """Whether the node says a default, of a parameter or of the region, that a deployment
        replaces: what cannot be worked out by it may be right all the same.
        """
        if isinstance(node, Scalar):
            return False
        if isinstance(node, Items):
            return any(map(self.rests_on_default, node.items))
        for name, entry in node.entries.items():
            value = entry.value
            first = value.items[0] if isinstance(value, Items) and value.items else value
            if name == "Ref" and isinstance(value, Scalar):
                names = [value.text]
            elif name == "Fn::Sub" and isinstance(first, Scalar):
                names = variables_in(first.text)
            else:
                names = []
            if any(map(self.parameters.is_default, names)) or self.rests_on_default(value):
                return True
        return False

    def _is_made_elsewhere(self, name: str) -> bool:
        """Whether a name that is not defined here may be one: a transform or a module makes it."""
        if name in self.resources:
            return False
        anything = self.template.has_macros or self.makes_more
        return anything or name.startswith(self._makers)

    @cached_property
    def _makers(self) -> tuple[str, ...]:
        """What the names of generated resources begin with.

        SAM calls what it makes for a function by the function's name (FnRole, Fn.Version), and what
        it makes for a whole template Serverless…; a module's resources have its name before theirs.
        """
        is_serverless = self.template.is_serverless
        found = list(_BY_SERVERLESS) if is_serverless else []
        for name, entry in self.resources.items():
            body = entry.value
            kind = body.get("Type") if isinstance(body, Entries) else None
            text = kind.text if isinstance(kind, Scalar) else ""
            makes = is_serverless and (
                text.startswith(_SERVERLESS)
                or (isinstance(body, Entries) and body.get(CONNECTORS) is not None)
            )
            if makes or text.endswith(MODULE):
                found.append(name)
        return tuple(found)

    def count_text(self, characters: int, mark: Mark, path: str) -> None:
        """Before a text is made: there is a limit to all such texts together."""
        self._text_made += characters
        if self._text_made > MAX_TEXT:
            raise self.document.error(
                mark, path, "the functions make more text than any template needs", "use fewer"
            )

    def spelled(self, node: Node, path: str) -> str:
        """The node in one line."""
        self.count_text(text_size(node), node.mark, path)
        return spelled(node)

    def made(self, text: str, mark: Mark, unknown: tuple[str, ...] = ()) -> Scalar:
        """A text that a function made."""
        scalar = Scalar(text, mark, unknown=unknown)
        return self._dynamic(scalar) if _DYNAMIC in text else scalar

    def count_node(self, mark: Mark, path: str) -> None:
        """Keep the work within limits."""
        self._nodes_made += 1
        if self._nodes_made > MAX_NODES:
            raise self.document.error(
                mark, path, f"the functions make more than {MAX_NODES:,} values", "use fewer"
            )

    @contextmanager
    def nested(self, mark: Mark, path: str) -> Iterator[None]:
        """One level deeper; too deep is an error instead of an exhausted stack."""
        if self._nesting >= MAX_NESTING:
            raise self.document.error(
                mark,
                path,
                f"functions and references nest more than {MAX_NESTING} deep",
                "nest less",
            )
        self._nesting += 1
        try:
            yield
        finally:
            self._nesting -= 1

    def _object(self, node: Entries, path: str) -> Node | None:
        entries = node.entries
        if len(entries) == 1:
            [(name, entry)] = entries.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](Call(self, name, entry.value, path))
        if any(name.startswith("Fn::") for name in entries):
            self._check_functions(node, path)
            entries = expand(self, entries, path)
        found = {
            name: (entry.key_mark, self.resolve(entry.value, f"{path}.{name}"))
            for name, entry in entries.items()
        }
        kept = {name: Entry(mark, n) for name, (mark, n) in found.items() if n is not None}
        return Entries(kept, node.mark)

    def _check_functions(self, node: Entries, path: str) -> None:
        """Only loops may stand among other keys."""
        for name, entry in node.entries.items():
            if not name.startswith("Fn::") or name.startswith(PREFIX):
                continue
            if name == TRANSFORM:
                raise TransformedError(
                    "it is made by Fn::Transform, which is not run",
                    location=self.document.location(entry.key_mark, path),
                    cure="give the processed template",
                )
            if name in FUNCTIONS:
                message, cure = f"{name} must stand alone", "remove the other keys"
            elif name in _CONDITION_FUNCTIONS:
                message, cure = (
                    f"{name} stands in Conditions only",
                    "define a condition, use Fn::If",
                )
            else:
                message = f"{name!r} is not a CloudFormation function"
                cure = did_you_mean(name, FUNCTIONS) or "remove it"
            raise self.document.error(entry.key_mark, path, message, cure)

    def _check_resource(
        self, name: str, mark: Mark, path: str, others: tuple[str, ...] = ()
    ) -> None:
        if name not in self.resources:
            known = (*self.resources, *others)
            what = "parameter or resource" if others else "resource"
            raise self.document.error(
                mark,
                path,
                f"there is no {what} {name[:255]!r}",
                did_you_mean(name, known) or "correct the name, or define it",
            )

    def _dynamic(self, scalar: Scalar) -> Scalar:
        """A dynamic reference, such as ``{{resolve:ssm:name}}``, is its own token."""
        start = scalar.text.index(_DYNAMIC)
        name = scalar.text[start : start + 200].partition("}}")[0] + "}}"
        return Scalar(scalar.text, scalar.mark, scalar.kind, (*scalar.unknown, name))
