"""Jinja without what it looks for with every word it writes, and none of our templates uses. Why: docs/adr/0070-templates.md"""

from io import StringIO
from types import MappingProxyType

import flask.templating
from jinja2 import runtime
from jinja2.compiler import CodeGenerator, optimizeconst
from markupsafe import Markup, _escape_inner, escape


class Generator(CodeGenerator):
    """Makes Python of templates: it calls what they call, and writes what they write."""

    @optimizeconst
    def visit_Call(self, node, frame, forward_caller=False):
        """Straight, as nothing that our templates call asks for their context (``pass_context``); filters may."""
        self.visit(node.node, frame)
        self.write("(")
        stream, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(arguments.removeprefix(", ") + ")")

    def macro_def(self, macro_ref, frame):
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class Macro(runtime.Macro):
    """Called without names or a block, as most are, it has nothing to sort out."""

    def __init__(self, environment, func, name, arguments, catch_kwargs, catch_varargs, caller, autoescape):
        super().__init__(environment, func, name, arguments, catch_kwargs, catch_varargs, caller, autoescape)
        nobody = (environment.undefined("No caller defined", name="caller"),) if caller else ()
        self._not_given = (runtime.missing,) * len(arguments) + nobody
        self._is_plain = autoescape and not (catch_kwargs or catch_varargs or self.explicit_caller)

    def __call__(self, *given, **named):
        if named or not self._is_plain or len(given) > self._argument_count:
            return super().__call__(*given, **named)
        return Markup(self._func(*given, *self._not_given[len(given) :]))  # noqa: S704 - written and escaped by a template


class Environment(flask.templating.Environment):
    code_generator_class, Macro = Generator, Macro

    def __init__(self, app, **options):
        super().__init__(app, **options)
        self.written = written

    def make_globals(self, d):
        """For all templates the same, and none has any of its own: to look through two mappings for each name costs more than a tile."""
        if d:
            raise NotImplementedError("a template with globals of its own")
        return MappingProxyType(self.globals)


def written(value) -> str:
    """A value as it stands in a page: escaped, unless it is markup. What it returns is to be written as it is."""
    kind = type(value)
    if kind is Markup:
        return value
    return _escape_inner(value) if kind is str else escape(value)
