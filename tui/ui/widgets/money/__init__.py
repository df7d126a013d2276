"""Widgets and texts that show money: receipts, the next send, and what was spent."""
