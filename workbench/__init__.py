"""What "Your data" does with a learner's own file, without the page.

files      a file's bytes -> a dataset, and notes on what was understood; a table -> a safe file
readiness  a dataset -> what can be a group, how groups are related, what varies at which level
plan       a dataset and a request -> a formula, columns, a fit, and problems in plain words
scores     a fit -> a score for each group, a prediction for each row
"""
