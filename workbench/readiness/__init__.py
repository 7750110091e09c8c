"""Is a table ready for a multilevel model? Its groups, how they lie in each other, what varies."""

from workbench.readiness.candidates import Candidate, candidates
from workbench.readiness.kinds import Kind, Outcome, OutcomeKind, kind_of, outcome_kind
from workbench.readiness.profiles import METHOD, Profile, profiles
from workbench.readiness.relation import Relation, Trap, relation
from workbench.readiness.sentences import Sentence, relations, sentences, traps

__all__ = [
    "METHOD",
    "Candidate",
    "Kind",
    "Outcome",
    "OutcomeKind",
    "Profile",
    "Relation",
    "Sentence",
    "Trap",
    "candidates",
    "kind_of",
    "outcome_kind",
    "profiles",
    "relation",
    "relations",
    "sentences",
    "traps",
]
