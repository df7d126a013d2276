"""Asynchronous I/O: HTTP, history, configuration. No widget is known here."""
