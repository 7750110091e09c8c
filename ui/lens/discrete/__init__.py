"""The lens for outcomes that are not normal: binary, counts, ordered categories, marginal models.

scale   the linear predictor: its name, what exp() of it is called, what is left within groups
"""
