"""The lens for outcomes that are not normal: binary, counts, ordered categories, marginal models.

scale        the linear predictor: its name, what exp() of it is called, what is left within groups
likelihood   of no predictors, and of one a row, which summaries compare with
place        the model in the words of its data, at a place where ratios become shares
amounts      estimates with their intervals, in sentences
spreads      what differs between groups, in sentences
sentences    what each number means, as a ratio and as a probability
picture      groups on the outcome's own scale
r            what R prints
stata        what Stata prints
spss         what SPSS prints
scripts      the model in the four languages
"""
