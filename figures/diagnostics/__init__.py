"""Pictures that ask whether a model fits: each has `picture`, `alt` and `table` of one result.

`fitted` residuals over fitted values, `quantile` against a normal sample, `spreads` group by group,
`effects` in order, `lines` through groups, `influences` of groups, `calibrations` of predictions.
"""
