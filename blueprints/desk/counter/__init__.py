"""カウンター: lending, taking back, holds and questions."""
