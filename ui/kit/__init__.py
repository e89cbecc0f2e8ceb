"""The design system: what every screen is built from. Import from here, not from the files inside.

Look and language (one object each for the whole client)
    theme, Theme, Mode, Type, physical_dpi, FontsMissing · speech, say, set_language, current_language, Words
Base of every widget, painting
    Piece (retell, restyle, said), Said, LEFT, RIGHT, CENTRE · painter_on, write_line, write_lines, box, hairline, key_cap, width_of
Text and signs
    Label, Run, Runs, break_lines, State, Shape, draw_state, Badge, draw_badge, Icon, draw_icon, icon_names
What is pressed, written, chosen
    Button, PrimaryButton, Destructive, NotYet, Manner, key_name, same_key · ScanSlot · Choice, Choices, ChoiceRows
    Field, PasswordField
Measured and counted
    BarSize, ToleranceBar, draw_tolerance_bar, scale_of · RunStrip, draw_run_strip · VerdictLadder, PlanCells · ProgressBar, NamedWork
Lists and codes
    Table, Column, Row, Cell · RawCode, AiBox
Grounds and messages
    Panel, Banner, Chip, Sheet
Frame
    Frame, is_compact, TopBar, Rail, Workbench, WORKBENCHES, NextBand, ActionBar, back_button, Strip
"""

from ui.kit.action_bar import ActionBar, back_button
from ui.kit.badge import Badge, draw_badge
from ui.kit.banner import Banner
from ui.kit.buttons import Button, Destructive, Manner, NotYet, PrimaryButton
from ui.kit.chips import Chip
from ui.kit.choices import Choice, ChoiceRows, Choices
from ui.kit.fields import Field, PasswordField
from ui.kit.frame import Frame, is_compact
from ui.kit.icons import Icon, draw_icon, icon_names
from ui.kit.keys import key_name, same_key
from ui.kit.language import Speech, Words, current_language, say, set_language, speech
from ui.kit.next_band import NextBand
from ui.kit.paint import box, hairline, key_cap, painter_on, width_of, write_line, write_lines
from ui.kit.panel import Panel
from ui.kit.piece import CENTRE, LEFT, RIGHT, Piece, Said
from ui.kit.progress import NamedWork, ProgressBar
from ui.kit.rail import WORKBENCHES, Rail, Workbench
from ui.kit.raw_code import AiBox, RawCode
from ui.kit.run_strip import RunStrip, draw_run_strip
from ui.kit.scan_slot import ScanSlot
from ui.kit.shapes import Shape, State, draw_state
from ui.kit.sheet import Sheet
from ui.kit.strip import Strip
from ui.kit.table import Cell, Column, Row, Table
from ui.kit.text import Label, Run, Runs, break_lines
from ui.kit.theme import FontsMissing, Mode, Theme, physical_dpi, theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, ToleranceBar, draw_tolerance_bar, scale_of
from ui.kit.top_bar import TopBar
from ui.kit.verdict_ladder import PlanCells, VerdictLadder

__all__ = [
    "CENTRE",
    "LEFT",
    "RIGHT",
    "WORKBENCHES",
    "ActionBar",
    "AiBox",
    "Badge",
    "Banner",
    "BarSize",
    "Button",
    "Cell",
    "Chip",
    "Choice",
    "ChoiceRows",
    "Choices",
    "Column",
    "Destructive",
    "Field",
    "FontsMissing",
    "Frame",
    "Icon",
    "Label",
    "Manner",
    "Mode",
    "NamedWork",
    "NextBand",
    "NotYet",
    "Panel",
    "PasswordField",
    "Piece",
    "PlanCells",
    "PrimaryButton",
    "ProgressBar",
    "Rail",
    "RawCode",
    "Row",
    "Run",
    "RunStrip",
    "Runs",
    "Said",
    "ScanSlot",
    "Shape",
    "Sheet",
    "Speech",
    "State",
    "Strip",
    "Table",
    "Theme",
    "ToleranceBar",
    "TopBar",
    "Type",
    "VerdictLadder",
    "Words",
    "Workbench",
    "back_button",
    "box",
    "break_lines",
    "current_language",
    "draw_badge",
    "draw_icon",
    "draw_run_strip",
    "draw_state",
    "draw_tolerance_bar",
    "hairline",
    "icon_names",
    "is_compact",
    "key_cap",
    "key_name",
    "painter_on",
    "physical_dpi",
    "same_key",
    "say",
    "scale_of",
    "set_language",
    "speech",
    "theme",
    "width_of",
    "write_line",
    "write_lines",
]
