"""The template language of the messages; knows nothing of promo codes.

`compile(text)` gives a Template; `Template.render(data, …)` gives text. Reference for behaviour: Apache Velocity 2.4.1
with its default properties; docs/reference/velocity.md says where the two differ.
"""

from tearoff.velocity.limits import DEFAULT, Limits
from tearoff.velocity.problems import NeedValue, RenderFailed, TemplateProblem, TemplateProblems
from tearoff.velocity.tags import MergeTag
from tearoff.velocity.template import REFERENCE, VENDOR, Dialect, Template, compile
from tearoff.velocity.values import LazyMap

__all__ = [
    "DEFAULT",
    "REFERENCE",
    "VENDOR",
    "Dialect",
    "LazyMap",
    "Limits",
    "MergeTag",
    "NeedValue",
    "RenderFailed",
    "Template",
    "TemplateProblem",
    "TemplateProblems",
    "compile",
]
