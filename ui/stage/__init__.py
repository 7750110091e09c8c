"""Live pictures that move under the hand, drawn in the browser; defined here, computed by the core.

scene        a stage: controls, columns of frames, a finding; `ask`, `show`
layout       what stands on it: frames, rows of controls, numbers read off, notes, equations
marks        what is drawn in a frame: dots, lines, bands, boxes, ellipses, springs, handles
handles      what a learner moves
text         sentences whose numbers follow the controls
quantity     the words for numbers that follow controls; with them `expression`, their form,
             `operations`, what each means, and `packing`, how data travel
refit        a mixed model that is fitted again while a handle moves
springs      groups between their own means and the mean of all
panels       one cloud of points under several families of lines

Where a name has a `.py` and a `.js`, the two say the same.
"""
