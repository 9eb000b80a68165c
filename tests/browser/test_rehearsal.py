"""A strategy lead's rehearsal: from an empty store and three templates to pages, the scorecard and a file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 120_000
BCP, DORSET = "E06000058", "E06000059"
QUARTERS = tuple(f"2025/26 Q{number}" for number in range(1, 5))
#: Each point's return: indicator, then counted and out of in BCP and in the Dorset Council area, alike in each quarter.
POINTS = {
    1: {
        "pregnancy_form_completed": ((750, 1000), (300, 500)),
        "needs_acted_on": ((450, 750), (240, 300)),
        "continuity_to_new_birth": ((600, 750), (210, 300)),
    },
    2: {"buddy_allocated": ((30, 40), (20, 40))},
    3: {"imhcf_trained_direct_contact": ((120, 300), (80, 200))},
}
PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(autouse=True)
def forgiven(page: Page, watch: Any) -> Iterator[None]:
    """Forgive Streamlit's own search for its server, and nothing else."""
    missing: list[str] = []
    page.on("response", lambda response: missing.append(response.url) if response.status == 404 else None)
    yield
    assert [url for url in missing if not url.endswith(PROBES)] == []
    watch.errors[:] = [text for text in watch.errors if "404 (Not Found)" not in text]


@pytest.fixture
def new_service(start_app: Callable[..., str], reference_file: Path, tmp_path: Path) -> str:
    """A service as it starts in earnest: the embedded reference, and no return, real or illustrative."""
    store = tmp_path / "store.sqlite"
    shutil.copy(reference_file, store)
    return start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{store}"})


def visit(page: Page, address: str) -> None:
    """Open an address and wait until the page is whole."""
    page.goto(address, timeout=WAIT_MS)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is whole."""
    expect(page.locator(".f1-source")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def download_template(page: Page, url: str, point: int, folder: Path) -> Path:
    """Take one point's template from the Data page."""
    visit(page, f"{url}/data?template={quote_plus(f'Long return: point {point}')}")
    with page.expect_download(timeout=WAIT_MS) as caught:
        page.get_by_role("button", name="Download the template (XLSX)").click()
    path = folder / f"point_{point}.xlsx"
    caught.value.save_as(path)
    return path


def fill(template: Path, rows: list[dict[str, Any]], name: str) -> Path:
    """Write rows under the headings of the sheet ‘Return’, as a person does."""
    book = load_workbook(template)
    sheet = book["Return"]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for heading, value in row.items():
            sheet.cell(number, columns[heading], value)
    path = template.with_name(name)
    book.save(path)
    return path


def rows_of(point: int) -> list[dict[str, Any]]:
    """The rows of one point's return."""
    return [
        {"indicator_id": name, "area_code": area, "period": quarter, "numerator": counted, "denominator": out_of}
        for name, councils in POINTS[point].items()
        for quarter in QUARTERS
        for area, (counted, out_of) in zip((BCP, DORSET), councils, strict=True)
    ]


def choose(page: Page, path: Path) -> None:
    """Choose a file on the Data page and wait until it is checked."""
    expect(page.locator("input[type=file]")).to_have_count(1)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("button", name=re.compile("^Put (this file|it) away"))).to_be_visible()
    settle(page)


def load(page: Page, path: Path) -> None:
    """Choose a file that passes every check, and load it."""
    choose(page, path)
    page.get_by_role("button", name="Load this file").click()
    expect(page.get_by_text(f"{path.name} loaded: First 1001 days long return")).to_be_visible()
    settle(page)


def arrived(page: Page, part: str) -> str:
    """What the grid of returns says of one part of the return in the last quarter that was filled in."""
    row = page.locator("table.f1-grid tbody tr").filter(has_text=part).first
    return row.locator(f"td[data-label='{QUARTERS[-1]}']").inner_text()


def counted(page: Page, label: str) -> int:
    """One of the headline figures that are counts."""
    figure = page.locator(".f1-figures li").filter(has=page.get_by_text(label, exact=True))
    return int(figure.locator(".f1-value").inner_text())


def test_a_strategy_lead_brings_the_three_points_in_and_takes_them_away(
    page: Page, new_service: str, tmp_path: Path
) -> None:
    visit(page, f"{new_service}/pregnancy_and_pathway")
    expect(page.locator(".f1-finding")).to_contain_text("No data yet.")
    visit(page, new_service)
    before = counted(page, "Measured with real figures")
    templates = {point: download_template(page, new_service, point, tmp_path) for point in POINTS}
    expect(page.locator(".f1-finding")).to_contain_text("0 of them are illustrative")
    assert "Missing" in arrived(page, "Pregnancy digital form")

    # a bad file: one count above its total, one indicator that does not exist
    bad = rows_of(1)
    bad[0] |= {"numerator": 1_200}
    bad[1] |= {"indicator_id": "pregnancy_form_complete"}
    choose(page, fill(templates[1], bad, "point_1_first_try.xlsx"))
    problems = page.get_by_role("table", name="2 problems in the file")
    expect(problems).to_contain_text("The numerator is above the denominator")
    expect(problems).to_contain_text("Did you mean")
    expect(page.get_by_role("button", name="Load this file")).to_be_hidden()
    page.get_by_role("button", name="Put this file away").click()
    expect(problems).to_be_hidden()

    for point, template in templates.items():
        load(page, fill(template, rows_of(point), f"point_{point}_filled.xlsx"))
    assert "In part" in arrived(page, "Pregnancy digital form")

    visit(page, f"{new_service}/pregnancy_and_pathway")
    finding = page.locator(".f1-finding").first
    # 4 × (750 + 300) of 4 × (1,000 + 500); of them 4 × (600 + 210) with the visit on record
    expect(finding).to_contain_text("In Dorset ICS, 70.0% of pregnancies due in 2025/26 had a pregnancy form")
    expect(finding).to_contain_text("about 1,800 of 6,000 had none")
    expect(finding).to_contain_text("most babies drop by the new birth visit: about 960 of 4,200")
    assert "llustrative" not in finding.inner_text()
    for slug, figure in (("parent_buddies", "62.5%"), ("workforce", "40.0%")):  # 50 of 80; 200 of 500
        visit(page, f"{new_service}/{slug}")
        expect(page.get_by_text(figure).first).to_be_attached()

    visit(page, new_service)
    assert counted(page, "Measured with real figures") > before
    assert counted(page, "Measured with illustrative figures") == 0
    asked = page.locator("table.f1-cards tr").filter(has_text="Pregnancy questionnaire completed before birth").first
    expect(asked).to_contain_text("70.0% (2025/26)")

    visit(page, f"{new_service}/take_away")
    page.get_by_text("Take away: scorecard").click(timeout=WAIT_MS)
    workbook = page.get_by_role("option", name="Excel workbook")
    for _ in range(5):  # a list that opens while its part is drawn again closes
        page.get_by_role("combobox", name="Format").click(timeout=WAIT_MS)
        page.wait_for_timeout(1_000)
        if workbook.count():
            break
    workbook.click(timeout=WAIT_MS)
    with page.expect_download(timeout=WAIT_MS) as caught:
        page.get_by_role("button", name="Download scorecard (workbook)").click()
    book = load_workbook(BytesIO(Path(caught.value.path()).read_bytes()), read_only=True)
    assert not caught.value.suggested_filename.startswith("ILLUSTRATIVE")
    taken = [[str(cell) for cell in row] for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    line = next(row for row in taken if "Pregnancy questionnaire completed before birth" in row)
    assert any("70.0%" in cell for cell in line)
