"""The virtual transcript: a document, a renderer and a thin widget."""
