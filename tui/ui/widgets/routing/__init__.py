"""The parts of the routing editor."""
