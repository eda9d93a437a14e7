"""Templates filled with data, in a sandbox that knows neither files nor objects."""

from jinja2 import (
    DictLoader,
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
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(_sources(files)),
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
            place=template,
        ) from error
    except UndefinedError as error:
        raise DocumentError(
            str(error),
            remedy="give this value or test it with `is defined`",
            code="missing",
            place=template,
        ) from error
    except (TemplateRuntimeError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise DocumentError(
            str(error), remedy="correct the template", code="template", place=template
        ) from error
    except (RecursionError, MemoryError) as error:
        raise DocumentError(
            f"the template is too large ({type(error).__name__})",
            remedy="simplify the template",
            code="memory",
            place=template,
        ) from error


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
