"""Programs that made the bundled files; nothing here runs when a dataset is loaded.

`python -m datasets.recipes.qualifications` writes that file again, the same to the last byte.
"""
