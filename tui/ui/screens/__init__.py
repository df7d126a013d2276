"""One module a screen, each with its same-named stylesheet."""
