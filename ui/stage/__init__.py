"""Live pictures that move under the hand, drawn in the browser; defined here, computed by the core.

quantity     the words for numbers that follow controls; with them `expression`, their form,
             `operations`, what each means, and `packing`, how data travel
refit        a mixed model that is fitted again while a handle moves
springs      groups between their own means and the mean of all
panels       one cloud of points under several families of lines

Of each of the first four there are two: `operations.py` and `operations.js` say the same.
"""
