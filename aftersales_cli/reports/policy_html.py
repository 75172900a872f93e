"""The customers' policy page as HTML that stands alone: one file, no script, nothing fetched."""

from html import escape

from aftersales_cli.desk.returns.policy_page import PageRule, PolicyPage, not_for_lines
from aftersales_cli.language import current_language

_STYLE = (
    "body{font-family:system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;max-width:46rem;margin:2rem auto;"
    "padding:0 1rem;line-height:1.6;color:#222}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}"
    "h3{margin-bottom:.3rem}ul{margin-top:.2rem}.source{color:#666;font-size:.85rem}"
)


def policy_html(page: PolicyPage) -> str:
    """Return the page as a whole HTML document in the current language."""
    language = "zh-CN" if current_language() == "zh" else "en"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(page.title)}</h1>",
        f"<p>{escape(page.intro)}</p>",
    ]
    for section in page.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [part for rule in section.rules for part in _rule_parts(rule)]
    return "\n".join([*parts, f"<p>{escape(page.closing)}</p>", "</body></html>", ""])


def _rule_parts(rule: PageRule) -> list[str]:
    parts = [f"<h3>{escape(rule.title)}</h3>", _list(rule.lines)]
    heading, *names = not_for_lines(rule) or [""]
    if heading:
        parts.append(f"<p>{escape(heading)}</p>")
    if names:
        parts.append(_list(rule.not_for))
    return [*parts, f'<p class="source">{escape(rule.source)}</p>']


def _list(lines: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
