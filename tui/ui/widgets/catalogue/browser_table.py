"""The table of the browser, with a key for everything that can be done with a model."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.ui.widgets.catalogue.model_table import ModelTable


def _key(key: str, action: str, words: str, name: str, tooltip: str, *, show: bool) -> Binding:
    return Binding(key, f"screen.{action}", words, id=f"models.{name}", tooltip=tooltip, show=show)


class BrowserTable(ModelTable):
    """Its keys act on the model under the cursor; the screen carries them out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("space", "mark", "Mark", "mark", "Mark up to four models to compare", show=True),
        _key("f,asterisk", "favourite", "Favourite", "favourite", "Keep it on top", show=True),
        _key(
            "alt+up",
            "move_favourite(-1)",
            "",
            "favourite_up",
            "Further up among the favourites",
            show=False,
        ),
        _key(
            "alt+down",
            "move_favourite(1)",
            "",
            "favourite_down",
            "Further down among the favourites",
            show=False,
        ),
        _key("s", "sort", "Sort", "sort", "Choose another order", show=True),
        _key("i", "invert", "Invert", "invert", "Turn the order round", show=False),
        _key(
            "greater_than_sign",
            "next_sort(1)",
            "",
            "sort_next",
            "Sort by the next column",
            show=False,
        ),
        _key(
            "less_than_sign",
            "next_sort(-1)",
            "",
            "sort_previous",
            "Sort by the column before",
            show=False,
        ),
        _key("c", "compare", "Compare", "compare", "Marked models side by side", show=True),
        _key("p", "picture", "Picture", "picture", "The models as dots", show=True),
        _key("w", "changes", "What changed", "changes", "What is new, gone, dearer", show=True),
        _key("d,right", "details", "Details", "details", "Everything about it", show=True),
        _key("b,left", "facets", "Facets", "facets", "Filter by pointing", show=True),
        _key("slash", "filter", "Filter", "filter", "Back to the filter line", show=False),
        _key("S", "save_filter", "Save filter", "save_filter", "Name this filter", show=False),
        _key("D", "forget_filter", "", "forget_filter", "Forget the saved filter", show=False),
        _key(
            "F",
            "fallbacks",
            "",
            "fallbacks",
            "Marked models answer when this one cannot",
            show=False,
        ),
        _key(
            "e",
            "read_endpoints",
            "",
            "read_endpoints",
            "Read who serves the models that are listed, and how fast",
            show=False,
        ),
        _key("u", "mine", "", "mine", "Only what your key may use, or all again", show=False),
        _key("R", "refresh", "Refresh", "refresh_key", "Fetch the catalogue again", show=False),
    ]
