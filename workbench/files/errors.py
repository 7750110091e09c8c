"""What can be wrong with a file."""


class FileError(ValueError):
    """A file that cannot be read as a table; the message says why, and what to do."""
