"""The transcript's own style: theme variables only, so that it follows every theme."""

TRANSCRIPT = """
Transcript {
    height: 1fr;
    background: $background;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 1;
    & > .transcript--user-bar { color: $accent; }
    & > .transcript--assistant-bar { color: $primary; }
    & > .transcript--notice-bar { color: $text-muted; }
    & > .transcript--heading { color: $text-primary; text-style: bold; }
    & > .transcript--mark { color: $text-muted; }
    & > .transcript--link { color: $text-accent; text-style: underline; }
    & > .transcript--code { color: $foreground; }
    & > .transcript--code-inline { color: $text-accent; background: $surface; }
    & > .transcript--code-frame { color: $foreground 30%; }
    & > .transcript--code-keyword { color: $text-accent; }
    & > .transcript--code-name { color: $text-primary; }
    & > .transcript--code-type { color: $text-secondary; }
    & > .transcript--code-string { color: $text-success; }
    & > .transcript--code-number { color: $text-secondary; }
    & > .transcript--code-comment { color: $text-muted; text-style: italic; }
    & > .transcript--formula { color: $text-accent; text-style: italic; }
    & > .transcript--quote { color: $text-muted; text-style: italic; }
    & > .transcript--table-frame { color: $foreground 30%; }
    & > .transcript--table-head { text-style: bold; }
    & > .transcript--note { color: $text-muted; }
    & > .transcript--reasoning { color: $text-muted; }
    & > .transcript--reasoning-head { color: $text-muted; text-style: italic; }
    & > .transcript--warning { color: $text-warning; }
    & > .transcript--error { color: $text-error; }
    & > .transcript--hit { background: $warning 35%; text-style: underline; }
    & > .transcript--hit-current { color: $background; background: $warning; text-style: bold; }
    & > .transcript--target { color: $foreground; background: $panel; }
    & > .transcript--selection {
        color: $screen-selection-foreground;
        background: $screen-selection-background;
    }
    & > .transcript--cursor { color: $accent; }
    & > .transcript--new { color: $background; background: $accent; }
}
"""
