"""The templates: nothing that they print becomes markup, and their words are there in each language."""

import re
from pathlib import Path

import pytest
from jinja2 import TemplateAssertionError, UndefinedError
from selections import HARM

import onehealthkg
from onehealthkg.errors import UsageError
from onehealthkg.html import environment, render, visible
from onehealthkg.safe import is_web_address
from onehealthkg.words import languages, words

PACKAGE = Path(onehealthkg.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").glob("*.html"))


def printed(template: str, **data: object) -> str:
    return environment().from_string(template).render(**data)


BY_TYPED_WORDS = ("draft.answers", "draft.fields", "new.answers", "new.values")
"""Tables whose keys are words that people type, so that each language has its own."""


def keys(table: object, above: str = "") -> set[str]:
    """The keys of tables within tables, and the lengths of lists."""
    if above in BY_TYPED_WORDS:
        return {above}
    if isinstance(table, list) and above != "singular":
        return {f"{above}[{len(table)}]"}
    if not isinstance(table, dict):
        return {above}
    return {key for name in table for key in keys(table[name], f"{above}.{name}".lstrip("."))}


def test_all_languages_have_the_same_words() -> None:
    assert languages() == ("en", "fr")
    assert keys(words("en")) == keys(words("fr"))


def test_all_words_are_used_and_no_others() -> None:
    rooms = ("citations", "dataset", "evidence", "pages", "queries", "serving")
    modules = [path for room in rooms for path in (PACKAGE / room).glob("*.py")]
    modules += [PACKAGE / "words.py", PACKAGE / "editing" / "draft.py"]
    sections = {  # words(language)["draft"] is the table of a session
        key
        for room in ("checks", "deciding", "drafting", "editing", "naming", "persons", "subjects")
        for path in (PACKAGE / room).glob("*.py")
        for key in re.findall(r'words\([\w.]*\)\["([a-z_]+)"\]', path.read_text(encoding="utf-8"))
    }
    used = sections | {
        key
        for path in (*modules, *TEMPLATES)
        for key in re.findall(
            r"\bwords\.([a-z_]+)"
            if path.suffix == ".html"
            else r"""\b(?:own|words|words(?:_or_english)?\((?:self\.)?language\))\[["']([a-z_]+)["']""",
            path.read_text(encoding="utf-8"),
        )
    }
    assert used == set(words("en"))


def test_a_text_has_the_same_places_to_fill_in_each_language() -> None:
    for key, text in words("en").items():
        if isinstance(text, str):
            places = [re.findall(r"{\w+}", one) for one in (text, words("fr")[key])]
            assert sorted(places[0]) == sorted(places[1]), key


def test_a_language_without_words_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match='"de" is not a supported language; write one of en, fr'):
        render("answer.html", "de")


@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}",
        '<a title="{{ text }}">',
        "{{ text ~ '' }}",
        "{{ [text] | join }}",
        "{% macro it(text) %}{{ text }}{% endmacro %}{{ it(text) }}",
    ],
)
def test_all_printed_values_are_escaped_and_visible(template: str) -> None:
    shown = printed(template, text=HARM + "'\r\n")
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "\x01" not in shown
    assert "\r" not in shown
    assert "[U+0001][U+202E]" in shown
    assert shown.count('"') == (2 if "title" in template else 0)


@pytest.mark.parametrize("name", ["e", "escape", "forceescape", "safe", "replace", "tojson"])
def test_no_filter_makes_markup_of_text(name: str) -> None:
    with pytest.raises(TemplateAssertionError, match=f"No filter named '{name}'"):
        printed(f"{{{{ text | {name} }}}}", text=HARM)


def test_no_template_joins_text_to_markup() -> None:
    """With ``~``, the text would be escaped, but its invisible characters would stay."""
    for path in TEMPLATES:
        assert not re.findall(r"\)\s*~|~\s*[\w.]+\(", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("template", ["{{ missing }}", "{{ words.missing }}", "{{ words['x'] }}"])
def test_a_name_that_a_template_misspells_is_an_error(template: str) -> None:
    with pytest.raises(UndefinedError):
        printed(template, words=words("en"))


def test_a_value_other_than_text_or_number_is_an_error() -> None:
    assert printed("{{ 1 }} {{ 0.5 }}") == "1 0.5"
    for value in (None, ["a"], object()):
        with pytest.raises(TypeError, match="which is neither text nor a number"):
            printed("{{ value }}", value=value)


def test_line_ends_and_tabs_stay_and_invisible_characters_have_numbers() -> None:
    assert visible("a\tb\r\nc\rd\ne") == "a\tb\nc\nd\ne"
    assert visible("\x00\x1b\x7f\x85\u2028\u202e\u2066\uffff") == (
        "[U+0000][U+001B][U+007F][U+0085][U+2028][U+202E][U+2066][U+FFFF]"
    )
    assert visible("é\u00a0\u202f—\U0001f40e") == "é\u00a0\u202f—\U0001f40e"


def test_web_addresses_begin_with_http() -> None:
    given = ("https://a", "HTTP://a", "javascript:alert(1)", "data:text/html,x", " https://a", "")
    assert list(filter(is_web_address, given)) == ["https://a", "HTTP://a"]


def test_templates_write_links_in_two_ways() -> None:
    """To a page or place of our own, whose address we made; else by ``web``, which asks the IRI."""
    ours = {'"{{ it.page }}"', '"{{ box.page }}"', '"#main"', '"#n{{ number }}"'}
    ours |= {'"{{ canonical }}"'}  # it is asked whether it is an address of the web
    ours |= {'"{{ icon }}"'}  # an asset of ours, or its content as a data: address
    ours |= {'"{{ other_language.page }}"', '"#{{ it.anchor }}"', '"#{{ anchor }}"'}
    begins = ('"{{ assets }}', '"{{ here }}?', '"{{ to }}', '"{{ editor }}"')  # made by View.to
    found = {
        (link, path.name)
        for path in TEMPLATES
        for link in re.findall('href=("[^"]*"|.)', path.read_text(encoding="utf-8"))
    }
    assert {link for link, _ in found if not link.startswith(begins)} - ours == {'"{{ iri }}"'}
    assert {name for link, name in found if link == '"{{ iri }}"'} == {"links.html"}


def test_no_template_escapes_escaping_or_brings_style_or_script() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|\bstyle=|\son\w+=|javascript:", text)
        assert ("<script" in text) == ("<style" in text) == (path.name == "shell.html")
