"""The printed output of other programs, imitated from our own fit, number by number.

Each module's `lines(fit, parameters)` returns a listing whose numbers are tied to parameters, and
`NOTE` says in what this program's output differs from the others'.
"""
