"""The public indicators: figures, bars, page."""
