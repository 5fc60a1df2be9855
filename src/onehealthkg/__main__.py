"""``python -m onehealthkg``."""

import sys

from onehealthkg.cli import main

sys.exit(main())
