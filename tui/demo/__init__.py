"""The offline OpenRouter: an HTTP transport that answers like the real one."""
