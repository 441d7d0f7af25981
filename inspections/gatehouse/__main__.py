"""Run by its path (`python -I inspections/gatehouse/__main__.py KIND`), so that nothing else is imported."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))
sys.exit(import_module("gatehouse.door").main(sys.argv[1]))
