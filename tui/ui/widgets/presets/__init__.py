"""What the library of presets is made of."""
