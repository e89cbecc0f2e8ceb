"""The design system: what every screen is built from. Import from here, not from the files inside.

Look and language (one object each for the whole client)
    theme, Theme, Mode, Type, physical_dpi, FontsMissing · speech, say, set_language, current_language, Words
Base of every widget, painting
    Piece (retell, restyle, said), Said, LEFT, RIGHT, CENTRE · painter_on, write_line, write_lines, box, hairline, key_cap, width_of
Text and signs
    Label, Run, Runs, break_lines, State, Shape, draw_state, Badge, draw_badge, Icon, draw_icon, icon_names
What is pressed, written, chosen
    Button, PrimaryButton, Destructive, NotYet, Manner, key_name, same_key · ScanSlot · Choice, Choices, ChoiceRows
    Field, PasswordField · NumberEntry, NumberPad, NumberSheet
Measured and counted
    BarSize, ToleranceBar, draw_tolerance_bar, scale_of · RunStrip, draw_run_strip · VerdictLadder, PlanCells · ProgressBar, NamedWork
    ParameterTrace, TracedParameter, TracePoints · NowValue · Balance, Part, Fill, CountStrip, CountRows
    Recorded, StruckValue, recorded_said, draw_recorded
Lists and codes
    Table, Column, Row, Cell, Number · RawCode, AiBox · StepRail, StepLine · GateRows, Gate · ExceptionRows, ExceptionLine, Measured
    StateRows, StateRow: two lines with their state · Picture · WireTape, TapeLine: bytes of a device as they come
    PagedBlocks: blocks of any height, never divided
    PagedRows: the base of lists that are paged by key · FittingTable (ANY, MIDDLE, WIDE), rows_that_fit: tables over a whole screen
Where from and where to
    Genealogy, GraphNode, GraphEdge, Duty, Resource
Grounds and messages
    Panel, Banner, Chip, Sheet, ReasonSheet
Frame
    Frame, is_compact, TopBar, Rail, Workbench, WORKBENCHES, NextBand, ActionBar, back_button, Strip
"""

from ui.kit.action_bar import ActionBar, back_button
from ui.kit.badge import Badge, draw_badge
from ui.kit.balance import Balance, Fill, Part
from ui.kit.banner import Banner
from ui.kit.buttons import Button, Destructive, Manner, NotYet, PrimaryButton
from ui.kit.chips import Chip
from ui.kit.choices import Choice, ChoiceRows, Choices
from ui.kit.count_strip import CountRows, CountStrip
from ui.kit.exception_rows import ExceptionLine, ExceptionRows, Measured
from ui.kit.fields import Field, PasswordField
from ui.kit.fitting_table import ANY, MIDDLE, WIDE, FittingTable
from ui.kit.frame import Frame, is_compact
from ui.kit.gate_rows import Gate, GateRows
from ui.kit.genealogy import Genealogy
from ui.kit.genealogy_graph import Duty, GraphEdge, GraphNode, Resource
from ui.kit.glass import rows_that_fit
from ui.kit.icons import Icon, draw_icon, icon_names
from ui.kit.keys import key_name, same_key
from ui.kit.language import Speech, Words, current_language, say, set_language, speech
from ui.kit.next_band import NextBand
from ui.kit.now_value import NowValue
from ui.kit.number import Number
from ui.kit.number_entry import NumberEntry
from ui.kit.number_pad import NumberPad
from ui.kit.number_sheet import NumberSheet
from ui.kit.paged_blocks import PagedBlocks
from ui.kit.paged_rows import PagedRows
from ui.kit.paint import box, hairline, key_cap, painter_on, width_of, write_line, write_lines
from ui.kit.panel import Panel
from ui.kit.parameter_trace import ParameterTrace, TracedParameter, TracePoints
from ui.kit.picture import Picture
from ui.kit.piece import CENTRE, LEFT, RIGHT, Piece, Said
from ui.kit.progress import NamedWork, ProgressBar
from ui.kit.rail import WORKBENCHES, Rail, Workbench
from ui.kit.raw_code import AiBox, RawCode
from ui.kit.reason_sheet import ReasonSheet
from ui.kit.run_strip import RunStrip, draw_run_strip
from ui.kit.scan_slot import ScanSlot
from ui.kit.shapes import Shape, State, draw_state
from ui.kit.sheet import Sheet
from ui.kit.state_rows import StateRow, StateRows
from ui.kit.step_rail import StepLine, StepRail
from ui.kit.strip import Strip
from ui.kit.struck_value import Recorded, StruckValue, draw_recorded, recorded_said
from ui.kit.table import Cell, Column, Row, Table
from ui.kit.text import Label, Run, Runs, break_lines
from ui.kit.text_page import TextPage
from ui.kit.theme import FontsMissing, Mode, Theme, physical_dpi, theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, ToleranceBar, draw_tolerance_bar, scale_of
from ui.kit.top_bar import TopBar
from ui.kit.verdict_ladder import PlanCells, VerdictLadder
from ui.kit.wire_tape import TapeLine, WireTape

__all__ = [
    "ANY",
    "CENTRE",
    "LEFT",
    "MIDDLE",
    "RIGHT",
    "WIDE",
    "WORKBENCHES",
    "ActionBar",
    "AiBox",
    "Badge",
    "Balance",
    "Banner",
    "BarSize",
    "Button",
    "Cell",
    "Chip",
    "Choice",
    "ChoiceRows",
    "Choices",
    "Column",
    "CountRows",
    "CountStrip",
    "Destructive",
    "Duty",
    "ExceptionLine",
    "ExceptionRows",
    "Field",
    "Fill",
    "FittingTable",
    "FontsMissing",
    "Frame",
    "Gate",
    "GateRows",
    "Genealogy",
    "GraphEdge",
    "GraphNode",
    "Icon",
    "Label",
    "Manner",
    "Measured",
    "Mode",
    "NamedWork",
    "NextBand",
    "NotYet",
    "NowValue",
    "Number",
    "NumberEntry",
    "NumberPad",
    "NumberSheet",
    "PagedBlocks",
    "PagedRows",
    "Panel",
    "ParameterTrace",
    "Part",
    "PasswordField",
    "Picture",
    "Piece",
    "PlanCells",
    "PrimaryButton",
    "ProgressBar",
    "Rail",
    "RawCode",
    "ReasonSheet",
    "Recorded",
    "Resource",
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
    "StateRow",
    "StateRows",
    "StepLine",
    "StepRail",
    "Strip",
    "StruckValue",
    "Table",
    "TapeLine",
    "TextPage",
    "Theme",
    "ToleranceBar",
    "TopBar",
    "TracePoints",
    "TracedParameter",
    "Type",
    "VerdictLadder",
    "WireTape",
    "Words",
    "Workbench",
    "back_button",
    "box",
    "break_lines",
    "current_language",
    "draw_badge",
    "draw_icon",
    "draw_recorded",
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
    "recorded_said",
    "rows_that_fit",
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
