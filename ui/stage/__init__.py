"""Live pictures that move under the hand, drawn in the browser; defined here, computed by the core.

springs   groups between their own means and the mean of all
panels    one cloud of points under several families of lines
"""
