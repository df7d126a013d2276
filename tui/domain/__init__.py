"""The rules of the workbench: pure, synchronous, without I/O."""
