"""Run files of test vectors of the legal clock: `python -m decisions.clock FILE…`.

One line for each vector, suite and revision, `ok ID title` or `FAIL ID title expected … found …`,
and a last line `N passed, N failed`.
"""

import sys
from pathlib import Path

from decisions.clock import vectors


def main(*files: str) -> int:
    """Print every outcome and how many passed; the exit code says whether all did."""
    passed = failed = 0
    for file in files:
        for outcome in vectors.outcomes(Path(file)):
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            sys.stdout.write(f"{outcome.line}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
