"""The same station as for inspection: deviations are opened and signed where they happen."""

from tests.batches.conftest import floor, run
from tests.inspection.conftest import lot, measuring, station_of

__all__ = ["floor", "lot", "measuring", "run", "station_of"]
