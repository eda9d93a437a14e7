"""Templates filled with data, in a sandbox that knows neither files nor objects."""

import traceback
from collections.abc import Callable

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents import layouts
from documents.errors import DocumentError


def fill(template: str, files: dict[str, bytes], data: dict[str, object]) -> str:
    """Return the HTML of `template`; DocumentError names the file and, if known, the line."""
    sources = _sources(files)
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: _source(sources, name)),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    try:
        return environment.get_template(template).render(data)
    except TemplateNotFound as error:
        raise DocumentError(
            f"there is no template {error.name!r}",
            remedy="add the file or correct its name",
            code="no-template",
            place=template,
        ) from error
    except TemplateSyntaxError as error:
        raise DocumentError(
            error.message or "syntax error",
            remedy="correct the template",
            code="syntax",
            place=f"{error.name or template}:{error.lineno}",
        ) from error
    except SecurityError as error:
        raise DocumentError(
            str(error),
            remedy="use only the data given to the template",
            code="forbidden",
            place=_place(error, sources, template),
        ) from error
    except UndefinedError as error:
        raise DocumentError(
            str(error),
            remedy="give this value or test it with `is defined`",
            code="missing",
            place=_place(error, sources, template),
        ) from error
    except (TemplateRuntimeError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise DocumentError(
            str(error),
            remedy="correct the template",
            code="template",
            place=_place(error, sources, template),
        ) from error
    except (RecursionError, MemoryError) as error:
        raise DocumentError(
            f"the template is too large ({type(error).__name__})",
            remedy="simplify the template",
            code="memory",
            place=template,
        ) from error


def _source(sources: dict[str, str], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """What Jinja asks of a loader: the text, a name for it in tracebacks, whether it is fresh."""
    return (sources[name], name, lambda: True) if name in sources else None


def _place(error: Exception, sources: dict[str, str], template: str) -> str:
    """The file and line of the template that was at work: all that may be told of personal data."""
    frames = [(f.f_code.co_filename, line) for f, line in traceback.walk_tb(error.__traceback__)]
    return next((f"{name}:{line}" for name, line in reversed(frames) if name in sources), template)


def _sources(files: dict[str, bytes]) -> dict[str, str]:
    """The templates by name; a layout is also known without its folder."""
    found: dict[str, str] = {}
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        if f"{layouts.FOLDER}{path}" in files:
            raise DocumentError(
                "this name belongs to a base layout",
                remedy="put the template into a folder, as templates/<name>.html",
                code="name",
                place=path,
            )
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DocumentError(
                "the template is not UTF-8", remedy="save it as UTF-8", code="encoding", place=path
            ) from error
        found[path] = found[path.removeprefix(layouts.FOLDER)] = text
    return found
