"""The lens for least squares: plain, with errors by cluster, and on the rows of a panel.

asked      what was asked: which rows, of which groups, with which standard errors
equation   the line, and the rows that were fitted
sentences  what a slope within, between, of both or of changes says
stata, r, spss   the output of other programs
scripts    the same estimates in R, Stata, SPSS and Python
"""
