"""Hold the documents to the code: every command, file, page, setting and licence line that they name is there."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from data import catalogue, commands
from data.example import GROUND_TRUTH
from data.reference import FOLDER as REFERENCE
from data.reference import table_sources
from data.sources.templates import template_names

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
#: The pictures are taken by ``make docs``.
PICTURES = ROOT / "docs" / "screenshots"
#: A Windows path of the project's Python, and the same in the Makefile and elsewhere.
WINDOWS, MAKEFILE, ELSEWHERE = ".venv\\Scripts\\", "$(BIN)/", ".venv/bin/"
MOST_WORDS = 40
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
#: Names made when the app is set up or runs, and names that stand for others.
NOT_IN_A_COPY = {
    *(".store", ".store/first1001.sqlite", ".streamlit/secrets.toml", "docs/screenshots", "pages/SLUG.py"),
    "__init__.py",
}
FOLDERS = (".", "data", "metrics", "pages", "tests", "docs")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """The text without its code blocks."""
    return FENCED.sub("", text)


def code_lines(text: str, *languages: str) -> list[str]:
    """The commands of the code blocks, one a line."""
    blocks = [body for language, body in FENCED.findall(text) if language in languages]
    return [line.strip() for body in blocks for line in body.splitlines() if line.strip()]


def said_in_code(text: str) -> list[str]:
    """Everything that is written as code, within a sentence or in a block of commands."""
    return IN_BACKTICKS.findall(prose(text)) + code_lines(text, "sh", "bat")


def one_line(text: str) -> str:
    return " ".join(text.split())


# ---- commands -------------------------------------------------------------------------------------------------------


def make_rules() -> dict[str, list[str]]:
    """The targets of the Makefile, each with its recipe."""
    rules: dict[str, list[str]] = {}
    target = ""
    for line in text_of(ROOT / "Makefile").replace("\\\n", "").splitlines():
        if found := re.match(r"([\w./]+):(?!=)", line):
            target = found[1]
            rules[target] = []
        elif line.startswith("\t") and target:
            rules[target].append(line.strip().lstrip("@"))
    return rules


@each_document
def test_every_make_target_named_is_in_the_makefile(path: Path) -> None:
    named = {name for said in said_in_code(text_of(path)) for name in re.findall(r"\bmake ([a-z]+)", said)}
    assert named <= make_rules().keys()


def test_the_readme_names_the_two_commands_that_everybody_needs() -> None:
    assert {"make run", "make test"} <= set(code_lines(text_of(ROOT / "README.md"), "sh"))


def data_commands(text: str) -> list[list[str]]:
    """The arguments of every ``python -m data …`` in a document."""
    found = []
    for said in said_in_code(text):
        if match := re.search(r"python(?:\.exe)? -m data\b(.*)", said):
            words = shlex.split(match[1])
            if words:
                found.append(words)
    return found


@each_document
def test_every_data_command_named_is_understood_by_the_parser(path: Path) -> None:
    for words in data_commands(text_of(path)):
        parsed = commands.parser().parse_args([*words, "FILE"] if words in (["load"], ["check"]) else words)
        assert callable(parsed.run)


def test_a_command_that_is_not_there_would_be_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    words = data_commands("Run `python -m data juggle FILE`.")
    assert words == [["juggle", "FILE"]]
    with pytest.raises(SystemExit):
        commands.parser().parse_args(words[0])
    assert "juggle" in capsys.readouterr().err


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """The commands of ``python -m data``, each with its own options."""
    for action in commands.parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the parser has no commands")


def test_the_readme_explains_every_data_command() -> None:
    assert set(subcommands()) <= {words[0] for words in data_commands(text_of(ROOT / "README.md"))}


@each_document
def test_every_option_named_belongs_to_a_command(path: Path) -> None:
    options = {name for one in subcommands().values() for name in one._option_string_actions}
    assert {said.split()[0] for said in IN_BACKTICKS.findall(prose(text_of(path))) if said.startswith("--")} <= options


@each_document
def test_every_template_named_can_be_written(path: Path) -> None:
    named = {words[1] for words in data_commands(text_of(path)) if words[0] == "template" and len(words) > 1}
    assert {name for name in named if not name.startswith("-")} - {"NAME"} <= set(template_names())


def steps_of(*targets: str) -> list[str]:
    """The recipes that make runs, as they are written for this project's Python anywhere."""
    rules = make_rules()
    steps = [step for target in targets for step in rules[target]]
    return [step.replace(MAKEFILE, "").replace("$(PYTHON)", "python").replace("$(PORT)", "8501") for step in steps]


def test_the_windows_steps_are_those_of_the_makefile() -> None:
    """Besides ``touch`` and the question for the version, which only make needs."""
    written = [line.replace(WINDOWS, "") for line in code_lines(text_of(ROOT / "README.md"), "bat")]
    wanted = steps_of(".venv/.ready", "run", "lint", "browser", "test")
    assert written == [step for step in wanted if not step.startswith(("touch", 'python -c "import sys'))]


# ---- names ----------------------------------------------------------------------------------------------------------


def files_named(text: str) -> set[str]:
    """What is written as code and looks like a file or folder of the project."""
    tops = {path.name for path in ROOT.iterdir()}
    words = {word.strip("\"',;") for said in said_in_code(text) for word in said.split()}
    slashed = {word.rstrip("/") for word in words if "/" in word and "://" not in word and not word.startswith("/")}
    alone = {word for word in words if re.fullmatch(r"[\w.-]+\.(?:py|toml|md|css|lock)", word)}
    return {word for word in slashed | alone if word.split("/")[0] in tops | {"data", "docs", "tests"} or word in alone}


@each_document
def test_every_file_and_folder_named_is_there(path: Path) -> None:
    named = {name for name in files_named(text_of(path)) - NOT_IN_A_COPY if not name.startswith(".venv")}
    assert {name for name in named if not any(any((ROOT / folder).glob(name)) for folder in FOLDERS)} == set()


def test_a_file_that_is_not_there_would_be_noticed() -> None:
    said = "See `data/nowhere.toml`, or run `python tests/none.py`."
    assert files_named(said) == {"data/nowhere.toml", "tests/none.py"}


@each_document
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [address for address in LINK.findall(text_of(path)) if not leads_somewhere(address, path)] == []


def leads_somewhere(address: str, path: Path) -> bool:
    """Whether a link within the project has its file, and its heading there; other addresses are not tried."""
    parts = urlsplit(address)
    if parts.scheme:
        return True
    target = (path.parent / parts.path).resolve() if parts.path else path
    if target.parent == PICTURES and not PICTURES.is_dir():
        return True  # no picture has been taken yet; which ones will be is held below
    headings = {slug(line) for line in text_of(target).splitlines() if line.startswith("#")} if parts.fragment else {""}
    return target.exists() and parts.fragment in headings


def test_a_broken_link_would_be_noticed() -> None:
    readme = ROOT / "README.md"
    found = [leads_somewhere(one, readme) for one in ("LICENSE", "#load-real-data", "nowhere.md", "#no-such-part")]
    assert found == [True, True, False, False]


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def test_every_picture_shown_is_one_that_is_taken() -> None:
    taking = text_of(ROOT / "tests" / "browser" / "take_screenshots.py")
    links = [address for path in DOCUMENTS for address in LINK.findall(text_of(path))]
    shown = {Path(address).stem for address in links if "screenshots/" in address}
    pages = {page.slug for page in catalogue.pages()}
    assert shown
    assert {name for name in shown if name not in pages and f'"{name}"' not in taking} == set()


def test_the_readme_shows_every_page_with_its_question_in_the_order_of_the_menu() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text_of(ROOT / "README.md"), re.MULTILINE)
    pages = [(page.title, page.question) for page in catalogue.pages()]
    assert [row for row in rows if row[0] in dict(pages)] == pages


def test_every_address_of_the_app_is_that_of_a_page_and_its_choices() -> None:
    from pages.components.map_page import FIFTHS, MODES, SHAPES

    slugs = {f"/{page.slug}" for page in catalogue.pages()}
    choices = {"view": MODES, "shape": SHAPES, "fifths": FIFTHS}
    addresses = [one for path in DOCUMENTS for one in LINK.findall(text_of(path)) if "localhost" in one]
    assert addresses
    for address in map(urlsplit, addresses):
        assert address.path in slugs
        for name, (value,) in parse_qs(address.query).items():
            assert value in dict(choices[name]).values()


def test_the_readme_says_where_to_get_every_publication_and_sends_nobody_elsewhere() -> None:
    """But for the table of cited figures, which is embedded."""
    sources = [source for source in catalogue.sources() if source.kind == "publication"]
    wanted = {source.url for source in sources if source.id != "published_statistics"}
    linked = {one for one in LINK.findall(text_of(ROOT / "README.md")) if one.startswith("https://")}
    assert linked == wanted


def test_every_indicator_of_the_ground_truth_in_words_is_in_the_catalogue() -> None:
    rows = [line for line in text_of(ROOT / "docs" / "illustrative.md").splitlines() if line.startswith("|")]
    named = {said for row in rows for said in IN_BACKTICKS.findall(row) if re.fullmatch(r"[a-z0-9_]+", said)}
    assert len(named) >= 10
    assert named <= {indicator.id for indicator in catalogue.indicators()}


# ---- settings -------------------------------------------------------------------------------------------------------


def environment_names(text: str) -> set[str]:
    """Names of settings in the environment: written as code, in capitals, and set or spoken of."""
    in_capitals = re.compile(r"(?<![\w$<{])([A-Z][A-Z0-9_]{3,})(?==|$)")
    found = {name for said in said_in_code(text) for name in in_capitals.findall(said)}
    return found - {"FILE", "NAME", "READERS", "QUESTIONS", "HEAD", "SOURCE_ID", "ACCEPTS", "ILLUSTRATIVE_"}


def is_read(name: str) -> bool:
    """Whether the code, the Makefile or Streamlit itself reads a setting."""
    if name.startswith("STREAMLIT_"):
        from streamlit import config

        return name in {option.env_var for option in config.get_config_options().values()}
    python = [*ROOT.glob("data/**/*.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("tests/*.py")]
    by_code = any(f'environ.get("{name}")' in text_of(path) for path in python)
    return by_code or f"\n{name} ?=" in text_of(ROOT / "Makefile")


@each_document
def test_every_environment_variable_named_is_read(path: Path) -> None:
    assert {name for name in environment_names(text_of(path)) if not is_read(name)} == set()


def test_settings_are_found_and_an_unknown_one_is_noticed() -> None:
    found = environment_names("`DATABASE_URL`, `PORT=8600 make run`, `STREAMLIT_SERVER_COLOUR`, `FILE`")
    assert found == {"DATABASE_URL", "PORT", "STREAMLIT_SERVER_COLOUR"}
    assert [is_read(name) for name in sorted(found)] == [True, True, False]
    in_readme = environment_names(text_of(ROOT / "README.md"))
    assert {"DATABASE_URL", "STREAMLIT_SERVER_ADDRESS", "PORT", "CHROMIUM"} <= in_readme


def test_the_secrets_file_of_the_documents_names_a_store(tmp_path: Path) -> None:
    from data.store.location import address_in_secrets

    blocks = FENCED.findall(text_of(ROOT / "docs" / "deploying.md"))
    path = tmp_path / "secrets.toml"
    path.write_text(next(body for language, body in blocks if language == "toml"), encoding="utf-8")
    assert (address_in_secrets(path) or "").startswith("postgresql://")


def test_the_cache_header_of_the_documents_is_the_one_that_is_sent() -> None:
    from pages.components.server import KEEP_FOREVER

    assert f"Cache-Control: {KEEP_FOREVER['Cache-Control']}" in text_of(ROOT / "docs" / "deploying.md")


# ---- figures and licences -------------------------------------------------------------------------------------------


def test_the_rule_for_small_numbers_is_the_one_in_force() -> None:
    rule = catalogue.disclosure()
    hidden = f"{rule.suppress_from} to {rule.suppress_to}"
    for name in ("README.md", "docs/disclosure.md", "CHANGELOG.md"):
        text = text_of(ROOT / name)
        assert re.search(rf"\b{hidden}\b", text)
        assert f"rounded to the nearest {rule.round_to}" in text
    for name in ("docs/disclosure.md", "CHANGELOG.md"):
        text = text_of(ROOT / name)
        shares = {f"{rule.share_of_areas:.0%}", f"{rule.share_of_groups:.0%}"}
        assert set(re.findall(r"at least (\d+%)", text)) == shares
        assert f"{rule.share_before_councils:.0%}" in text


def test_the_readme_counts_the_asks() -> None:
    assert set(re.findall(r"\b(\d+) asks", text_of(ROOT / "README.md"))) == {str(len(catalogue.asks()))}


def test_the_ground_truth_in_words_names_every_marked_place() -> None:
    text = text_of(ROOT / "docs" / "illustrative.md")
    places = {code for truth in GROUND_TRUTH.values() for code in getattr(truth, "outliers", None) or {}}
    named = {name for name, truth in GROUND_TRUTH.items() if getattr(truth, "outliers", None)}
    assert len(places) >= 5
    assert {code for code in places if code not in text} == set()
    assert {name for name in named if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("table", sorted(table_sources()))
def test_the_licence_carries_what_each_embedded_table_requires(table: str) -> None:
    licence, source = one_line(text_of(ROOT / "LICENSE")), table_sources()[table]
    start = licence.index(f"data/reference/{table}")
    own = licence[start : licence.find("data/reference/", start + 1)]
    assert source["attribution"] in own
    assert source["licence"] in own
    assert source["publication"].split(", with")[0].split("Named in")[0] in own


def test_every_embedded_table_has_a_source() -> None:
    assert {path.name for path in REFERENCE.glob("*.csv")} == set(table_sources())


def test_the_newest_version_of_the_changelog_is_the_project_s() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == project["version"]
    assert versions == sorted(versions, key=lambda version: [int(part) for part in version.split(".")], reverse=True)


def test_the_python_named_is_the_one_required() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in text_of(ROOT / "README.md")


# ---- words ----------------------------------------------------------------------------------------------------------

AMERICAN = (
    *("color", "center", "neighborhood", "behavior", "organization", "organize", "analyze", "favor", "labor"),
    *("pediatric", "fulfill", "catalog", "gray", "judgment", "summarize", "recognize", "standardize", "labeled"),
)
OF_THE_MACHINE = re.compile(r"(?<!\w)/(?:work|home|root|Users|tmp)/")
REGISTRIES = re.compile(r"pypi|pythonhosted|npmjs|artifactory|index-url", re.IGNORECASE)


@each_document
def test_the_documents_are_in_british_spelling(path: Path) -> None:
    words = prose(text_of(path)).lower()
    assert [word for word in AMERICAN if re.search(rf"\b{word}s?\b", words)] == []


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "LICENSE"], ids=lambda path: path.name)
def test_the_documents_name_no_registry_and_no_path_of_one_machine(path: Path) -> None:
    assert REGISTRIES.findall(text_of(path)) == []
    assert OF_THE_MACHINE.findall(text_of(path)) == []


def sentences(text: str) -> list[str]:
    """The sentences of a document: paragraphs, list items and table cells, without code blocks and addresses."""
    plain = re.sub(r"\]\([^)]*\)", "]", prose(text))
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*#|>]|\d+\.))|\|", plain)
    ends = re.compile(r"(?<=[.!?:])\s+(?=[\w`*\[])")
    return [one_line(found) for part in parts for found in ends.split(part) if found.strip()]


@each_document
def test_sentences_are_short(path: Path) -> None:
    long = [sentence for sentence in sentences(text_of(path)) if len(sentence.split()) > MOST_WORDS]
    assert long == []


def test_most_sentences_of_the_readme_are_under_25_words() -> None:
    counts = [len(sentence.split()) for sentence in sentences(text_of(ROOT / "README.md"))]
    assert sum(count < 25 for count in counts) >= 0.95 * len(counts)


def test_a_long_sentence_would_be_noticed() -> None:
    assert [len(sentence.split()) for sentence in sentences("One two. " + "word " * 41 + "end.")] == [2, 42]
