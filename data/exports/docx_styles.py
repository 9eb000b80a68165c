"""How a Word document of ours looks: one plain typeface, British English, and styles that carry meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data.exports.docx_elements import parsed
from data.exports.pack import LANGUAGE

if TYPE_CHECKING:
    from docx.document import Document

FONT: Final = "Arial"
INK, GREY, WARNING = "12436D", "4D4D4D", "801650"
#: Paragraph styles: name, size in points, bold, colour, space before and after in points.
TEXTS: Final = (
    ("Normal", 11, False, "000000", 0, 6),
    ("Title", 26, True, INK, 0, 6),
    ("Subtitle", 14, False, GREY, 0, 10),
    ("Heading 1", 18, True, INK, 20, 8),
    ("Heading 2", 14, True, INK, 14, 6),
    ("Caption", 10, True, "000000", 8, 4),
    ("Header", 9, True, WARNING, 0, 0),
    ("Footer", 9, False, GREY, 0, 0),
    ("List Bullet", 11, False, "000000", 0, 4),
    ("Finding", 12, False, "000000", 4, 8),
    ("Question", 10, False, GREY, 0, 4),
    ("Note", 10, False, GREY, 6, 6),
    ("Illustrative", 10, True, WARNING, 0, 6),
    ("Banner", 11, True, WARNING, 4, 12),
    ("Table text", 9, False, "000000", 2, 2),
    ("Contents heading", 18, True, INK, 0, 8),
    ("toc 1", 11, False, "000000", 0, 3),
    ("toc 2", 11, False, "000000", 0, 3),
)
#: The identifiers by which tables, contents and controls call their styles.
IDENTIFIERS: Final = {"Table text": "TableText", "toc 1": "TOC1", "toc 2": "TOC2"}
#: What stands on the page of what follows it.
KEPT_WITH_NEXT: Final = ("Question", "Finding", "Illustrative")
TABLE_STYLE: Final = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="PackTable"><w:name w:val="Pack table"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/></w:tblBorders>'
    '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
    f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/></w:tcBorders>'
    '<w:shd w:val="clear" w:color="auto" w:fill="E8EDEE"/></w:tcPr></w:tblStylePr></w:style>'
)
PLACEHOLDER_STYLE: Final = (
    '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
    f'<w:rPr><w:i/><w:color w:val="{GREY}"/></w:rPr></w:style>'
)
#: Word's layout of today, not that of 2007.
COMPATIBILITY: Final = (
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat>'
)


def set_styles(document: Document) -> None:
    """Set every style that a pack uses."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm

    known = {style.name for style in document.styles}
    for name, size, bold, colour, before, after in TEXTS:
        made: Any = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name in IDENTIFIERS:
            made.element.set(_qualified("w:styleId"), IDENTIFIERS[name])
        set_style(made, size, bold, colour, before, after)
    for name in KEPT_WITH_NEXT:
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["toc 2"].paragraph_format.left_indent = Cm(0.8)
    for words in (TABLE_STYLE, PLACEHOLDER_STYLE):
        document.styles.element.append(parsed(words))
    frame(document.styles["Banner"], {"top": 6, "left": 24, "bottom": 6, "right": 6}, WARNING)
    frame(document.styles["Finding"], {"left": 18}, INK)
    set_language(document)
    modernise(document)


def set_style(style: Any, size: int, bold: bool, colour: str, before: int, after: int) -> None:
    """Set a style's letters and spaces; a theme's own typeface and colours no longer rule it."""
    from docx.shared import Pt, RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for place in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(_qualified(place), FONT)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def frame(style: Any, widths: dict[str, int], colour: str) -> None:
    """Draw lines beside a paragraph, in eighths of a point, so that what it is does not rest on its colour."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="6" w:color="{colour}"/>' for side, width in widths.items()
    )
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(parsed(f"<w:pBdr>{sides}</w:pBdr>"), "w:shd", "w:tabs", "w:spacing", "w:ind")


def set_language(document: Document) -> None:
    """Say that the text is in British English."""
    for theme in document.settings.element.iter(_qualified("w:themeFontLang")):
        theme.set(_qualified("w:val"), LANGUAGE)
    for defaults in document.styles.element.iter(_qualified("w:lang")):
        defaults.set(_qualified("w:val"), LANGUAGE)
        defaults.set(_qualified("w:eastAsia"), LANGUAGE)


def modernise(document: Document) -> None:
    """Let Word lay the document out as it does now."""
    settings = document.settings.element
    for old in settings.findall(_qualified("w:compat")):
        settings.replace(old, parsed(COMPATIBILITY))


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(name)
    return found
