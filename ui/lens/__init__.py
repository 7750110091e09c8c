"""The model lens: one fitted model, five faces that are always in step.

words        what columns, units and groups of the data are called in a sentence
parameters   the model's parameters: symbol, colour, meaning, estimate, interval
runs         text in which a run belongs to a parameter, so that pointing at one finds the others
equation     the levels and the combined form, with the random effects' distribution
sentences    what each number means for these data, and what it does not
picture      the spreads of the model on the outcome's own axis
outputs      the output of R, Stata and SPSS, and a plain one
panel        all of them on a page
"""
