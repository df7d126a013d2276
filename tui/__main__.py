"""``python -m tui`` is the same as ``openrouter-workbench``."""

import sys

from tui.cli import main

sys.exit(main())
