"""The same station as for inspection: deviations are opened and signed where they happen."""

from tests.inspection.conftest import lot, measuring, station_of

__all__ = ["lot", "measuring", "station_of"]
