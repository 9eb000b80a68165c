"""Charts of Excel's own: one for each answer that a line or bars can show, each with its text alternative.

A withheld figure is a text such as [c], which Excel would draw as zero. So a chart holds its own numbers, the same as
the table's, and leaves a gap where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.exports.sheets import BANNER, FONT, Book, along, safe

if TYPE_CHECKING:
    from openpyxl import Workbook

ROWS_EACH: Final = 20  # rows of the sheet that a chart covers
COLOUR: Final = "12436D"  # the Analysis Function's first colour


def chart_sheet(book: Workbook, laid_out: Book) -> list[str]:
    """Put the charts below each other, each under its title and text alternative; give those texts."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    if not laid_out.charted:
        return []
    sheet = book.create_sheet("Charts")
    sheet.column_dimensions["A"].width = 110
    lines = ["Charts", *([BANNER] if laid_out.illustrative else []), "Each chart shows the figures of one table."]
    texts = []
    for row, line in enumerate(lines, start=1):
        sheet.cell(row=row, column=1, value=line).font = Font(name=FONT, bold=row == 1, size=15 if row == 1 else 12)
    for number, (tag, answer) in enumerate(laid_out.charted, start=1):
        row = len(lines) + 1 + (number - 1) * (ROWS_EACH + 3)
        words = safe(answer.text_alternative) or safe(answer.finding)
        title = f"Chart {number}: {safe(answer.question)} ({tag})"
        sheet.cell(row=row, column=1, value=title).font = Font(name=FONT, bold=True, size=12)
        sheet.cell(row=row + 1, column=1, value=words).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.add_chart(native_chart(answer, along(answer)), f"A{row + 2}")
        texts.append(f"{words} The figures are on the sheet {tag}.")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return texts


def native_chart(answer: Answer, name: str) -> Any:
    """Draw an answer's values along one column: a line over time, bars otherwise."""
    from openpyxl.chart import BarChart, LineChart

    chart: Any = LineChart() if name == "period" else BarChart()
    if name != "period":
        chart.type, chart.gapWidth = "bar", 60
        chart.x_axis.scaling.orientation = "maxMin"  # the first row stands on top, as in the table
    chart.series.append(series_of(answer, name))
    chart.title = f"{'ILLUSTRATIVE: ' if answer.illustrative else ''}{safe(answer.question)}"
    chart.legend = None
    chart.y_axis.title = answer.unit or "Value"
    chart.title.overlay = chart.y_axis.title.overlay = False
    chart.y_axis.scaling.min = min(0.0, float(pd.to_numeric(answer.table["value"]).min()))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.display_blanks = "gap"
    chart.width, chart.height = 24, 9.5  # centimetres
    return chart


def series_of(answer: Answer, name: str) -> Any:
    """Give the numbers as the chart's own, with a gap for each figure that is not shown."""
    from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrData, StrVal
    from openpyxl.chart.series import Series, SeriesLabel

    values = pd.to_numeric(answer.table["value"]).to_list()
    points = [NumVal(idx=place, v=str(value)) for place, value in enumerate(values) if not pd.isna(value)]
    names = [StrVal(idx=place, v=safe(str(words)) or "-") for place, words in enumerate(answer.table[name])]
    series: Any = Series(
        idx=0,
        order=0,
        val=NumDataSource(numLit=NumData(formatCode="#,##0.0", ptCount=len(values), pt=points)),
        cat=AxDataSource(strLit=StrData(ptCount=len(names), pt=names)),
    )
    series.tx = SeriesLabel(v="Value")
    if name == "period":
        series.graphicalProperties.line.solidFill = COLOUR
        series.marker.symbol = "circle"
        series.smooth = False
    else:
        series.graphicalProperties.solidFill = COLOUR
    return series
