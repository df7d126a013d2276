"""The part of the model browser that keeps things: marks, favourites, filters, fallbacks."""

from collections.abc import Callable

from tui.domain.model_lists import ModelLists
from tui.domain.sanitize import single_line
from tui.ui.controllers.browsing import MOST_MARKED
from tui.ui.guard import run_guarded
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.models_asking import ModelsAsking

_LONGEST_NAME = 60
_LONGEST_WORDS = 300


class ModelsKeeping(ModelsAsking):
    """Carries out what is done with a model, or with the filter, for later."""

    def action_mark(self) -> None:
        """Mark the model under the cursor, or take its mark away."""
        found = self.current
        if found is None:
            return
        if self.browsing.toggle_mark(found.model.id):
            self.show()
            self.table.action_move(1)
        else:
            self.say(f"{MOST_MARKED} models are marked already; Space takes a mark away.")

    def action_move_favourite(self, by: int) -> None:
        """Put the favourite under the cursor further up or down among the favourites."""
        found = self.current
        if found is None:
            return
        model_id = found.model.id
        favourites = self.desk.lists.moved_favourite(model_id, by).favourites
        if model_id not in favourites:
            self.say("Only favourites have an order of their own; f makes this one.")
            return
        self._change_lists(lambda lists: lists.moved_favourite(model_id, by))
        self.say(f"Favourite {favourites.index(model_id) + 1} of {len(favourites)}.")

    def action_favourite(self) -> None:
        """Make the model under the cursor a favourite, or no longer one."""
        found = self.current
        if found is not None:
            model_id = found.model.id
            self._change_lists(lambda lists: lists.toggled_favourite(model_id))

    def _change_lists(self, change: Callable[[ModelLists], ModelLists]) -> None:
        async def changed() -> None:
            await self.desk.change_lists(change)
            self.session_changed()

        run_guarded(self.app, changed(), "lists")

    def action_save_filter(self) -> None:
        """Save the filter under a name."""
        text = self.browsing.text.strip()
        if not text:
            self.say("There is no filter to save.")
            return

        def named(name: str | None) -> None:
            if name:
                self._change_lists(lambda lists: lists.with_filter(name, text))
                shown = single_line(name, _LONGEST_NAME)
                self.say(f"Saved “{shown}”; ↑ in the filter line or Ctrl+L brings it back.")

        self.app.push_screen(AskText("Save this filter as", self._saved_name or ""), named)

    def action_saved_filters(self) -> None:
        """Choose one of the saved filters by its name."""
        from tui.ui.screens.list_chooser import ListChooser

        saved = list(self.desk.lists.filters.items())
        if not saved:
            self.say("There are no saved filters; S in the table saves the one in the line.")
            return

        def chosen(place: int | None) -> None:
            if place is not None:
                self.filter_line.put(saved[place][1])
                self.filter_line.focus()

        def delete(name: str) -> None:
            saved[:] = [one for one in saved if one[0] != name]
            self._change_lists(lambda lists: lists.without_filter(name))

        self.app.push_screen(ListChooser("Saved filters", saved, delete=delete), chosen)

    @property
    def _saved_name(self) -> str | None:
        """The name under which the filter in the line is saved."""
        wanted = self.browsing.text.strip()
        filters = self.desk.lists.filters
        return next((name for name, text in filters.items() if text == wanted), None)

    def action_forget_filter(self) -> None:
        """Forget the saved filter that is in the line."""
        name = self._saved_name
        if name is None:
            self.say("The filter in the line is not a saved one.")
            return
        self._change_lists(lambda lists: lists.without_filter(name))
        self.say(f"Forgot “{single_line(name, _LONGEST_NAME)}”.")

    def action_fallbacks(self) -> None:
        """Let the marked models answer when the one under the cursor cannot."""
        found = self.current
        if found is None:
            return
        model_id = found.model.id
        fallbacks = tuple(one for one in self.browsing.marked if one != model_id)
        if not fallbacks and not self.desk.model_settings(model_id).fallbacks:
            self.say("Mark the models that shall step in with Space, in their order, first.")
            return

        async def save() -> None:
            await self.desk.set_fallbacks(model_id, fallbacks)
            self.show_details()
            names = ", then ".join(fallbacks) if fallbacks else "no other model"
            self.say(f"When {model_id} cannot answer, {names} does.")

        run_guarded(self.app, save(), "settings")

    def say(self, words: str) -> None:
        """Tell the user something, as it stands."""
        self.notify(single_line(words, _LONGEST_WORDS), markup=False)
