"""What keeps the sources readable, checked by reading them: sizes, names, and what hides in functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LONGEST_FILE = 300
MEDIAN_FILE = 80
LONGEST_FUNCTION = 60
LONG_FUNCTION = 25
LONG_FUNCTIONS_PER_TEN = 1

SAYS_NOTHING = {"util", "utils", "helper", "helpers", "manager", "processor"}
MAY_READ_THE_ENVIRONMENT = {"settings.py", "main.py"}
MONEY_ROOMS = {"contracts", "domain"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file and its syntax tree."""

    path: Path
    lines: int
    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Source:
        """Parse a file; SyntaxError if it is not Python."""
        text = path.read_text(encoding="utf-8")
        return cls(path, text.count("\n"), ast.parse(text))

    def at(self, node: ast.AST, what: str) -> str:
        """A finding as `file:line: what`."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"

    def functions(self) -> Iterator[Function]:
        """Every function and method, inner ones too."""
        yield from (node for node in ast.walk(self.tree) if isinstance(node, Function))


def sources_below(*folders: Path) -> list[Source]:
    """All Python files of some folders."""
    return [Source.read(path) for folder in folders for path in sorted(folder.rglob("*.py"))]


def length_of(function: Function) -> int:
    """Lines from `def` to the last statement, docstring left out: explaining must not cost."""
    words = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    explaining = (words.end_lineno or words.lineno) - words.lineno + 1 if words else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - explaining


def long_files(source: Source) -> Iterator[str]:
    if source.lines > LONGEST_FILE:
        yield source.at(source.tree, f"file of {source.lines} lines, {LONGEST_FILE} at most")


def long_functions(source: Source) -> Iterator[str]:
    for function in source.functions():
        if length_of(function) > LONGEST_FUNCTION:
            yield source.at(function, f"{function.name} has {length_of(function)} lines, {LONGEST_FUNCTION} at most")


def unexplained_files(source: Source) -> Iterator[str]:
    sentence = (ast.get_docstring(source.tree) or "").split("\n\n")[0]
    if source.tree.body and not sentence.endswith("."):
        yield source.at(source.tree, "does not open with a sentence saying what it is for")


def empty_names(source: Source) -> Iterator[str]:
    named: list[tuple[ast.AST, str]] = [(source.tree, source.path.stem)]
    named += [(node, node.name) for node in ast.walk(source.tree) if isinstance(node, Function | ast.ClassDef)]
    for node, name in named:
        if SAYS_NOTHING & set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")):
            yield source.at(node, f"{name} says nothing: use the market's words")


def hidden_imports(source: Source) -> Iterator[str]:
    for function in source.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.at(node, f"import hidden in {function.name}")


def hidden_settings(source: Source) -> Iterator[str]:
    if source.path.name in MAY_READ_THE_ENVIRONMENT or "standalone" in source.path.parts:
        return
    for node in ast.walk(source.tree):
        if _names_taken_from_os(node) & {"environ", "getenv"}:
            yield source.at(node, "reads the environment: only settings and main may")


def floating_money(source: Source) -> Iterator[str]:
    if not MONEY_ROOMS & set(source.path.with_suffix("").parts):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "float":
            yield source.at(node, "a float near money")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield source.at(node, f"{node.value} is a float near money")


def swallowed_errors(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        if node.type is None:
            yield source.at(node, "bare except")
        elif _last_name(node.type) in {"Exception", "BaseException"} and _does_nothing(node.body):
            yield source.at(node, "swallows every error")


EVERYWHERE: tuple[Callable[[Source], Iterator[str]], ...] = (
    long_files,
    long_functions,
    unexplained_files,
    empty_names,
    swallowed_errors,
)
IN_SERVICES = (*EVERYWHERE, hidden_imports, hidden_settings, floating_money)


def too_many_long_functions(sources: list[Source]) -> list[str]:
    """The longest functions, if more than one in ten has more than 25 lines."""
    functions = [(length_of(function), source, function) for source in sources for function in source.functions()]
    long = [entry for entry in functions if entry[0] > LONG_FUNCTION]
    if len(long) * 10 <= len(functions) * LONG_FUNCTIONS_PER_TEN:
        return []
    long.sort(key=lambda entry: -entry[0])
    return [source.at(function, f"{function.name} has {lines} lines") for lines, source, function in long]


def too_long_in_the_middle(sources: list[Source]) -> list[str]:
    """The files over the median, if the median file has more than 80 lines."""
    written = [source for source in sources if source.tree.body]
    if not written or median(source.lines for source in written) <= MEDIAN_FILE:
        return []
    return [source.at(source.tree, f"{source.lines} lines") for source in written if source.lines > MEDIAN_FILE]


def _names_taken_from_os(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        return {alias.name for alias in node.names}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
        return {node.attr}
    return set()


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else str(getattr(node, "id", ""))


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(isinstance(statement, ast.Pass | ast.Continue | ast.Expr) for statement in body) and not any(
        isinstance(node, ast.Call) for statement in body for node in ast.walk(statement)
    )
