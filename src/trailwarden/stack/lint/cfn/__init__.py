"""Lint's rules as rules of cfn-lint: ``--append-rules trailwarden.stack.lint.cfn``.

cfn-lint takes the classes that this module holds. TW303, a warning, is W9303: ids that begin with
9 are for rules of others.
"""

from trailwarden.stack.lint.cfn.making import rule_classes

globals().update({made.__name__: made for made in rule_classes()})
