"""The transcript's keys, when it has the focus."""

from textual.binding import Binding, BindingType


def _key(key: str, action: str, name: str, label: str, tooltip: str) -> Binding:
    return Binding(key, action, label, show=False, id=f"transcript.{name}", tooltip=tooltip)


TRANSCRIPT: list[BindingType] = [
    _key("up", "scroll_up", "up", "Up", "Scroll up one row"),
    _key("down", "scroll_down", "down", "Down", "Scroll down one row"),
    _key("pageup", "page_up", "page_up", "Page up", "Scroll up one page"),
    _key("pagedown", "page_down", "page_down", "Page down", "Scroll down one page"),
    _key("home", "scroll_home", "home", "Beginning", "Go to the first message"),
    _key("end", "scroll_end", "end", "End", "Go to the end and follow the answer"),
    _key("left_square_bracket", "prompt(-1)", "previous_prompt", "Previous", "Your message before"),
    _key("right_square_bracket", "prompt(1)", "next_prompt", "Next", "Your next message"),
    _key("r", "toggle_reasoning", "reasoning", "Reasoning", "Fold or unfold the latest reasoning"),
    _key("z", "fold_message", "fold", "Fold", "Fold the message to one row, or unfold it"),
    _key("Z", "fold_all", "fold_all", "Fold all", "Fold all answers, or unfold everything"),
    _key("f", "fold_code", "fold_code", "Fold code", "Fold or unfold the long code block in view"),
    _key("w", "toggle_option('wrap_code')", "wrap", "Wrap", "Wrap long lines of code, or cut them"),
    _key("t", "toggle_option('fit_tables')", "tables", "Tables", "Fit tables, or scroll sideways"),
    _key("m", "toggle_option('readable_formulas')", "formulas", "Math", "Formulas or their LaTeX"),
    _key("left", "pan(-1)", "left", "Left", "Scroll cut code and tables to the left"),
    _key("right", "pan(1)", "right", "Right", "Scroll cut code and tables to the right"),
    _key("n", "find_step(1)", "next_hit", "Next hit", "Go to the next hit of the search"),
    _key("N", "find_step(-1)", "previous_hit", "Previous hit", "Go to the hit before"),
    _key("l", "link(1)", "next_link", "Next link", "Choose the next link"),
    _key("L", "link(-1)", "previous_link", "Previous link", "Choose the link before"),
    _key("enter", "open_link", "open_link", "Open link", "Show the chosen link's full target"),
    _key("shift+up", "cursor_message(-1)", "message_up", "Up", "Point at the message above"),
    _key("shift+down", "cursor_message(1)", "message_down", "Down", "Point at the message below"),
    _key("left_curly_bracket", "cursor_block(-1)", "block_up", "Up", "Point at the block above"),
    _key("right_curly_bracket", "cursor_block(1)", "block_down", "Down", "And at the one below"),
    _key("c", "copy_markdown", "copy", "Copy", "Copy the selection, block or message as Markdown"),
    _key("C", "copy_plain", "copy_plain", "Copy text", "The same as plain text"),
    _key("y", "copy_code", "copy_code", "Copy code", "Number the code blocks; a digit copies one"),
    _key("a", "copy_chat", "copy_chat", "Copy chat", "Copy the whole chat as Markdown"),
    _key("ctrl+c,super+c", "copy_selection", "copy_selection", "Copy", "Copy what is selected"),
    _key("escape", "clear", "clear", "Clear", "Take back what is selected or pointed at"),
]
