"""Widgets of the model catalogue."""
