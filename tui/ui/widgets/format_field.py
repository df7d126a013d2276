"""The format of answers: text, JSON, or JSON by a schema that is pasted or read from a file."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widgets import Input, TextArea

from tui.domain.errors import WorkbenchError
from tui.services.attachments_read import path_from, read_file
from tui.ui.controllers.format_choice import (
    LARGEST_SCHEMA,
    SCHEMA,
    entry_of,
    format_value,
    schema_name,
    schema_text,
    usable_name,
)
from tui.ui.guard import guarded
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.lines_area import LinesArea
from tui.ui.widgets.parameter_field import ParameterChosen, ParameterRefused

_NAME = "response_format"
_FILE_WANTED = "Path of a schema's file; Enter reads it"
_SCHEMA_WANTED = 'Or paste a JSON schema: {"type": "object", …}'


class FormatField(VerticalGroup):
    """Posts the ``response_format`` that was chosen, or why there is none.

    The schema is only shown where it is wanted. One that comes from a file is called like it.
    """

    DEFAULT_CSS = """
    FormatField {
        & > TextArea, & > #schema_file { margin-top: 1; }
        &.-plain { & > TextArea, & > #schema_file { display: none; } }
    }
    """

    def __init__(self, entries: Sequence[tuple[str, str]], value: Mapping[str, Any]) -> None:
        super().__init__()
        self._schema_name = schema_name(value)
        self._entry = Choice(entries, entry_of(value), prompt="not set here", id=_NAME)
        self._file = Input(id="schema_file", placeholder=_FILE_WANTED)
        self._schema = LinesArea(schema_text(value), id="schema", placeholder=_SCHEMA_WANTED)
        self._show_schema()

    def compose(self) -> ComposeResult:
        """Lay out the list, the file and the schema."""
        yield self._entry
        yield self._file
        yield self._schema

    def show(self, value: Mapping[str, Any], entered: tuple[Any, ...] | None) -> None:
        """Show what another scope says, or what was refused in it; nobody is told."""
        shown = entered or (entry_of(value), schema_text(value), schema_name(value))
        with self.prevent(Choice.Changed, TextArea.Changed):
            self._entry.value, text, self._schema_name = shown
            self._schema.load_text(text)
        self._show_schema()

    def _show_schema(self) -> None:
        self.set_class(self._entry.value != SCHEMA, "-plain")

    @on(Choice.Changed)
    @on(TextArea.Changed)
    def _edited(self, event: Choice.Changed | TextArea.Changed) -> None:
        event.stop()
        self._show_schema()
        self._take()

    def _take(self) -> None:
        try:
            value = format_value(self._entry.value, self._schema.text, self._schema_name)
        except ValueError as error:
            self._refuse(str(error))
        else:
            self.post_message(ParameterChosen(_NAME, value))

    def _refuse(self, words: str) -> None:
        entered = (self._entry.value, self._schema.text, self._schema_name)
        self.post_message(ParameterRefused(_NAME, words, entered))

    @on(Input.Changed)
    def _path_typed(self, event: Input.Changed) -> None:
        event.stop()  # nothing is read before Enter

    @on(Input.Submitted)
    def _path_entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._read(event.value)

    @guarded("schema")
    async def _read(self, written: str) -> None:
        """Put the schema of a file into the text area, or say why it cannot be read."""
        path = path_from(written, Path.cwd())
        try:
            found = await asyncio.to_thread(read_file, path, LARGEST_SCHEMA)
            text = found.data.decode("utf-8-sig")
        except WorkbenchError as error:
            self._refuse(f"{error.failure.what}\n{error.failure.next_step}")
            return
        except UnicodeDecodeError:
            self._refuse("The file is not UTF-8 text.\nSave it as UTF-8.")
            return
        self._schema_name = usable_name(path.stem)
        with self.prevent(TextArea.Changed):
            self._schema.load_text(text)
        self._schema.focus()
        self._take()
