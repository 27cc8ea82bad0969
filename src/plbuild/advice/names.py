"""Every name of the specs that a piece of advice knows: sections, fields, what lists say beside a value.

The one place to look when a YAML spec renames something. A section or field that a spec or a profile does
not have reads as blank, so advice about it falls silent and never fails.
"""

from __future__ import annotations

SCHOOL = "school"

# The form that says when the plan runs and how large its owner is, in either kind of plan
HEADS = ("identity", "profile")
START_DATE = "start_date"
END_DATE = "end_date"
TEACHERS_FTE = "teachers_fte"
DISPLAY_NAME = "display_name"

# Sections
TEAM = "team"
DIRECTION = "direction"
NEEDS = "needs"
GOALS = "goals"
OBJECTIVES = "objectives"
ACTIONS = "actions"
INDICATORS = "indicators"
MEASURES = "measures"
EVALUATION = "evaluation"
RESOURCES = "resources"
ALLOCATIONS = "allocations"
FAMILIES = "families"

# Fields
ROLE = "role"
MISSION = "mission"
VISION = "vision"
DATA_KIND = "data_kind"
FINDING = "finding"
ROOT_CAUSE = "root_cause"
PRIORITY = "priority"
NEED = "need"
STATEMENT = "statement"
STUDENT_GROUP = "student_group"
MEASURE = "measure"
TARGET_TYPE = "target_type"
BASELINE_VALUE = "baseline_value"
TARGET_VALUE = "target_value"
TARGET_DATE = "target_date"
UNIT = "unit"
GOAL = "goal"
AUDIENCE = "audience"
CHANGE = "change"
PARTICIPANTS = "participants"
OBJECTIVE = "objective"
INITIAL_ACTIVITY = "initial_activity"
FOLLOW_UP = "follow_up"
FOLLOW_UP_DESIGN = "follow_up_design"
DESIGN = "design"
SESSIONS = "sessions"
HOURS = "hours_per_person"
RESPONSIBLE = "responsible"
RESOURCES_NEEDED = "resources_needed"
PROVIDER = "provider"
EVIDENCE_TIER = "evidence_tier"
LOOKS_LIKE = "looks_like"
KIND = "kind"
DATA = "data"
CHECKPOINT = "checkpoint"
INTERIM_TARGET = "interim_target"
OF = "of"
INSTRUMENT = "instrument"
TARGET = "target"
QUESTION = "question"
LEVEL = "level"
DATE = "date"
USE_OF_RESULTS = "use_of_results"
ACTION = "action"
DESCRIPTION = "description"
AMOUNT = "amount"
FUNDING_SOURCE = "funding_source"

# What lists.yaml says beside a value
AIM = "aim"
REACH, UP_BY, DOWN_BY, FLOOR, CEILING = "reach", "up by", "down by", "floor", "ceiling"
PERCENT = "percent"
EDUCATORS = "educators"
WHO = "who"
TEACHERS, LEADERS, PARAPROFESSIONALS, EVERYONE = "teachers", "leaders", "paraprofessionals", "everyone"
KNOWLEDGE, PRACTICE = "knowledge", "practice"
FORM = "form"
STAFF_GROUP = "staff_group"
NON_INSTRUCTIONAL = "non-instructional"
EVENT, JOB_EMBEDDED = "event", "job-embedded"
TIER = "tier"
RATIONALE, NO_TIER = "rationale", "none"
FEDERAL = "federal"
PROGRAM = "program"
SECTION_1003, TITLE_TWO = "section-1003", "title-two"
FREE = "free"
STUDENTS = "students"
BY_MIDYEAR = "by_midyear"
ASKS = "asks"
REACTIONS, LEARNING, USE, STUDENT_RESULTS = "reactions", "learning", "use", "students"

OWN_VOICE = (
    (DIRECTION, MISSION),
    (DIRECTION, VISION),
    (GOALS, STATEMENT),
    (GOALS, STUDENT_GROUP),
    (OBJECTIVES, STATEMENT),
    (INDICATORS, INTERIM_TARGET),
    (EVALUATION, QUESTION),
)
"""Where a school speaks of itself alone; elsewhere another school may well be a partner."""

COPYABLE = (
    (NEEDS, FINDING),
    (NEEDS, ROOT_CAUSE),
    (GOALS, STATEMENT),
    (OBJECTIVES, STATEMENT),
    (ACTIONS, INITIAL_ACTIVITY),
    (ACTIONS, FOLLOW_UP),
    (INDICATORS, LOOKS_LIKE),
    (EVALUATION, QUESTION),
)
"""Where a text of its own is expected of every school; a citation may well be the same."""

LATER_DATES = ((MEASURES, DATE), (EVALUATION, DATE), (FAMILIES, DATE))
"""Days that lie within the plan."""
