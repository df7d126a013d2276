"""Choose a model: type to filter the catalogue, or type any id."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_search import Found, search
from tui.domain.catalogue_terms import quoted
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model
from tui.domain.sanitize import single_line

_FEWEST_COLUMNS_FOR_NAME = 16


def matching_models(catalogue: Catalogue, query: str) -> list[Found]:
    """The models that the query finds as a filter line, best first; all for an empty one.

    Those whose id or name is the query, with or without its author, come before all others. A query
    that is no whole filter, such as ``name:tag``, is looked for as it stands.
    """
    typed = query.strip()
    asked = parse_filter(typed)
    if asked.problems:
        asked = parse_filter(quoted(typed))
    found = search(catalogue, asked, FilterContext())
    found.sort(key=lambda one: not _is_called(one.model, typed.lower()))
    return found


def _is_called(model: Model, typed: str) -> bool:
    model_id, name = model.id.lower(), model.name.lower()
    return typed in (model_id, model_id.rpartition("/")[2], name, name.rpartition(": ")[2])


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the list: a model, or the text as typed."""

    model_id: str
    figures: str


class ModelSelect(VerticalGroup):
    """A field with a list below it that opens on typing or Enter.

    Enter, Tab and leaving the field take the highlighted line; Escape takes the text back. What is
    typed stays available as the last line, or as the first one if the server knows it as a variant
    of a listed model. Without a catalogue the text itself counts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="settings.model.close", tooltip="Close the list"),
        Binding(
            "down", "move(1)", "Down", id="settings.model.down", tooltip="Next model", show=False
        ),
        Binding("up", "move(-1)", "Up", id="settings.model.up", tooltip="Previous model"),
        Binding("pagedown", "move(8)", "Down", id="settings.model.page_down", tooltip="Page down"),
        Binding("pageup", "move(-8)", "Up", id="settings.model.page_up", tooltip="Page up"),
    ]
    DEFAULT_CSS = """
    ModelSelect {
        & > .list {
            display: none;
            overlay: screen;
            constrain: none inside;
            background: $surface-lighten-1;
            & > .columns { padding: 0 1; color: $text-muted; }
            & > OptionList {
                max-height: 10;
                border: none;
                padding: 0;
                background: $surface-lighten-1;
                scrollbar-size-vertical: 1;
                & > .option-list--option { padding: 0 1; }
            }
        }
        &.-open > .list { display: block; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A model was chosen from the list or typed."""

        model_id: str

    def __init__(self, model_id: str, catalogue: Catalogue) -> None:
        super().__init__()
        self._chosen = model_id
        self._catalogue = catalogue
        self._rows: list[_Row] = []
        self._columns = Static(classes="columns", markup=False)
        self._models = OptionList(markup=False)
        self._models.can_focus = False
        self._list = VerticalGroup(self._columns, self._models, classes="list")

    def compose(self) -> ComposeResult:
        """Lay out the field; the list is made when it is wanted."""
        yield Input(single_line(self._chosen), placeholder="Type to filter", id="model")

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self.has_class("-open")

    def offer(self, catalogue: Catalogue, model_id: str) -> None:
        """Offer another server's models and show the one that is chosen there."""
        self._close()
        self._catalogue = catalogue
        self._chosen = model_id
        self._show_chosen()

    def commit(self) -> str:
        """Take what is highlighted, if anything was typed since; returns the chosen model."""
        row = self._highlighted() if self.is_open else None
        text = self.query_one(Input).value.strip()
        if row is not None:
            self._choose(row.model_id)
        elif text != single_line(self._chosen):
            self._choose(text)
        return self._chosen

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the list work while it is open; otherwise they are the page's."""
        return self.is_open if action in ("close", "move") else True

    def action_close(self) -> None:
        """Close the list and show the chosen model again."""
        self._show_chosen()
        self._close()

    def action_move(self, by: int) -> None:
        """Move the highlight by some lines, around the ends by single ones."""
        models = self._models
        count = models.option_count
        if count:
            here = (models.highlighted or 0) + by
            models.highlighted = here % count if abs(by) == 1 else min(max(here, 0), count - 1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.query_one(Input).has_focus and event.value.strip() != single_line(self._chosen):
            self._open(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_open or event.value.strip() != single_line(self._chosen):
            self.commit()
        else:
            self._open("")

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        # The focus also goes when the whole terminal loses it, which chooses nothing.
        if self.app.app_focus:
            self.commit()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(self._rows[event.option_index].model_id)

    @on(OptionList.OptionHighlighted)
    def _highlight_moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the open list out for the new width."""
        if self.is_open:
            self._show_rows()

    def _open(self, query: str) -> None:
        if not self._list.is_attached:
            self.mount(self._list)
        text = query.strip()
        found = matching_models(self._catalogue, text)
        self._rows = [_Row(one.model.id, _figures(one)) for one in found]
        if text and text not in self._catalogue.models:
            typed = _Row(text, "as typed")
            is_variant = self._catalogue.find(text) is not None
            self._rows.insert(0 if is_variant else len(self._rows), typed)
        self.set_class(bool(self._rows) and bool(self._catalogue.models), "-open")
        self._show_rows()
        if self.is_open:
            ids = [row.model_id for row in self._rows]
            is_listed = not text and self._chosen in ids
            self._models.highlighted = ids.index(self._chosen) if is_listed else 0

    def _show_rows(self) -> None:
        models = self._models
        highlighted = models.highlighted
        width = self.size.width - 3  # one cell at each side, one for the scroll bar
        self._columns.update(_line("model", "context   in / M  out / M", width))
        models.clear_options()
        models.add_options([Option(_line(row.model_id, row.figures, width)) for row in self._rows])
        if highlighted is not None and highlighted < len(self._rows):
            models.highlighted = highlighted

    def _highlighted(self) -> _Row | None:
        index = self._models.highlighted
        return None if index is None or index >= len(self._rows) else self._rows[index]

    def _choose(self, model_id: str) -> None:
        self._close()
        self._chosen = model_id
        self._show_chosen()
        self.post_message(self.Chosen(model_id))

    def _show_chosen(self) -> None:
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = single_line(self._chosen)

    def _close(self) -> None:
        self.remove_class("-open")


def _figures(found: Found) -> str:
    """Context length and both prices of now in columns below those of the heading."""
    pricing = found.row.pricing
    context = tokens_short(found.model.context_length)
    prompt, completion = price_per_million(pricing.prompt), price_per_million(pricing.completion)
    return f"{context:>7} {prompt:>8} {completion:>8}"


def _line(name: str, figures: str, width: int) -> Content:
    """The name at the left and the figures at the right, within ``width`` cells."""
    room = max(width - len(figures) - 2, _FEWEST_COLUMNS_FOR_NAME)
    shown = Content(single_line(name)).truncate(room, ellipsis=True, pad=True)
    return Content.assemble(shown, "  ", (figures, "dim"))
