"""The words lessons are written in. With app.py and the pages, the only code that knows Streamlit.

frame        what surrounds every page: menu, header, presenter view, notices
theme        colours and measures as CSS, taken from figures.style
record       what a learner answered, as plain data: parse, merge, dump
saved        a saved record read again, or refused with what is wrong
report       a record as HTML to read, print and hand in
variant      a code that gives the same tasks with other numbers
key          each lesson with its answers, for instructors
store        that record kept in the browser's own storage
address      controls bound to the address bar, validated
changes      what links of earlier versions say, in the names of today
cache        data and fits shared by all learners
predict      commit, then reveal: choice, number, ranking
gap          how far a guess is from the truth, in numbers and in words
check        questions with a reason for every option
puzzle       a checked target and three hints
show         a figure or a table with its alternative text and its twin
labs         the exercises of a workshop, step by step
stage        live pictures that move under the hand
prose        numbers and lists as a sentence writes them
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded: so before that
