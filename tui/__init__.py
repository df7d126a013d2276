"""OpenRouter Workbench: a full-screen terminal chat with exact, live cost."""

__version__ = "0.1.0"
