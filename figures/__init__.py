"""Results drawn as plotly figures: pure functions, styled by one template in `figures.style`."""
