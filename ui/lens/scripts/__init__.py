"""Scripts to take home: the same data, the same transformations, the same model in other programs.

Each module's `lines(recipe)` is a whole script; `recipe` says what all of them need.
"""
