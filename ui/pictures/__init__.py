"""The pictures of the lessons: the name of a case in, a stage out; cached, since all share them."""
