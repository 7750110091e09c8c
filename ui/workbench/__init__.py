"""The workbench: data of the learner's own, or the course's, from their rows to a model's scores.

desk        what lies on it: the data, the model being built, the models fitted
kept        what was worked out from it
opening     a file, or a dataset of the course
survey      what is known of the data before any model
readiness   the same on the page: groups, a trap, every variable
names       what columns and groups are called
tables      a small table
building    a model, chosen or typed
choosing    the choices that make it
draft       its equations before it is fitted, and what is wrong
trouble     what is wrong, in three parts, with a button for each remedy
onward      what is usually done next
fitted      a fit with its data and its faces in the lens
fitting     the fit, with progress and stop
reading     the model that was fitted, through the lens
checking    pictures that look for what is wrong with it
comparing   models side by side
taking      scores, predictions and data to take home
"""
