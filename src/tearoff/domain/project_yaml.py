"""YAML for project files: only `true` and `false` are truth values, dates stay text, and no name stands twice."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tearoff.errors import Invalid, Problem

BOOLEAN = "tag:yaml.org,2002:bool"
TIMESTAMP = "tag:yaml.org,2002:timestamp"
TEXT = "tag:yaml.org,2002:str"
WIDTH = 120


class Loader(yaml.SafeLoader):
    """Plain data only; `no` is the language code, not a truth value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping, refused when a name stands in it twice."""
        seen = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the name {name.value!r} stands here twice", problem_mark=name.start_mark
                )
            seen.add(name.value)
        return super().construct_mapping(node, deep)


class Dumper(yaml.SafeDumper):
    """Texts of several lines as they read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def represent_text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    """A text, as a block when it has several lines."""
    return dumper.represent_scalar(TEXT, text, style="|" if "\n" in text else None)


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (BOOLEAN, TIMESTAMP)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Dumper.add_representer(str, represent_text)


def load(text: str, name: str) -> Any:
    """The plain data of a YAML or JSON text; raises Invalid with the line and column of what cannot be read."""
    try:
        return yaml.load(text, Loader)  # noqa: S506, RUF100 - the loader is a safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Invalid(Problem(f"{name}:", f"This is not YAML{place}: {error.problem or error.context}.")) from error
    except yaml.YAMLError as error:
        raise Invalid(Problem(f"{name}:", f"This is not YAML: {error}.")) from error


def dump(data: Any) -> str:
    """The text of plain data, names in their order."""
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
