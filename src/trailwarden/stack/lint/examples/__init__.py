"""An example of what each rule finds, and of the same put right: data beside the rules.

An example is a part of a template: properties of resources that ``base.yaml`` has otherwise, and
resources that it has not. One that has ``Resources`` itself is a whole template.
"""

from trailwarden.stack.lint.examples.loading import Example, base, examples
from trailwarden.stack.lint.examples.merging import whole_template

__all__ = ["Example", "base", "examples", "whole_template"]
