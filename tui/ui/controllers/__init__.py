"""Work that outlives a key press: running a turn, refreshing the catalogue."""
