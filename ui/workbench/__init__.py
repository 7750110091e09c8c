"""The workbench: data of the learner's own, or the course's, from their rows to a model's scores.

desk        what lies on it: the data, the model being built, the models fitted
opening     a file, or a dataset of the course
readiness   what the data are ready for
building    a model, chosen or typed
fitting     the fit, with progress and stop
reading     the model that was fitted, through the lens
checking    pictures that look for what is wrong with it
comparing   models side by side
taking      scores, predictions and data to take home
"""
