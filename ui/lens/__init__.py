"""The model lens: one fitted model, five faces that are always in step.

words        what columns, units and groups of the data are called in a sentence
terms        what is added up in an equation, and what its columns are made of
parameters   the model's parameters: symbol, colour, meaning, estimate, interval
runs         text in which a run belongs to a parameter, so that pointing at one finds the others
symbols      pieces of an equation
outcome      the left-hand side of the equations, and what is drawn
equation     the levels and the combined form, with the random effects' distribution
told         what every sentence about a fit needs
sentences    what each number means for these data, and what it does not
spreads      the same of the spreads of groups, and of their shares
picture      the spreads of the model on the outcome's own axis
outputs      the output of R, Stata and SPSS, and a plain one
scripts      the model in R, Stata, SPSS and Python, to take home
discrete     all this for binary outcomes, counts, ordered categories and marginal models
estimators   and for least squares: of rows, of clusters, of panels
panel        all of them on a page
five         several estimators of one case, one at a time
"""
