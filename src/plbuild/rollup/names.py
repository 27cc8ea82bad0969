"""Every name of the specs that a roll-up table knows: sections, fields, list attributes, words.

The one place to look when a YAML spec renames something. A section or field that a spec or a profile
does not have reads as blank everywhere, so a table loses a column of answers but never fails.
"""

from __future__ import annotations

# Who owes a plan (PlanSpec.owner)
SCHOOL = "school"
DISTRICT = "district"

# What became of a plan (Status.state), and what only informs (Finding.severity)
ACCEPTED = "accepted"
HELD = "held"
MISSING = "missing"
EXEMPT = "exempt"
ADVICE = "advice"

# Columns of the roster
GRADE_LOW = "grade_low"
GRADE_HIGH = "grade_high"
ENROLLMENT = "enrollment"

# Sections
NEEDS = "needs"
GOALS = "goals"
OBJECTIVES = "objectives"
ACTIONS = "actions"
EVALUATION = "evaluation"
RESOURCES = "resources"
ALLOCATIONS = "allocations"

# Fields of needs and goals
AREA = "area"
PRIORITY = "priority"
NEED = "need"
DISTRICT_GOAL = "district_goal"
STATEMENT = "statement"
STUDENT_GROUP = "student_group"
VALUE = "value"
MEASURE = "measure"
TARGET_TYPE = "target_type"
BASELINE_VALUE = "baseline_value"
BASELINE_DATE = "baseline_date"
TARGET_VALUE = "target_value"
TARGET_DATE = "target_date"
UNIT = "unit"

# Fields of objectives and actions
AUDIENCE = "audience"
OBJECTIVE = "objective"
DESIGN = "design"
START_DATE = "start_date"
END_DATE = "end_date"
SESSIONS = "sessions"
HOURS = "hours_per_person"
PARTICIPANTS = "participants"
RESPONSIBLE = "responsible"
PROVIDER = "provider"
STANDARD = "standard"
SECOND_STANDARD = "second_standard"
EVIDENCE_TIER = "evidence_tier"

# Fields of the evaluation, of resources and allocations
LEVEL = "level"
ACTION = "action"
KIND = "kind"
AMOUNT = "amount"
FUNDING_SOURCE = "funding_source"

# The sections that tables are made of
FIGURED = (NEEDS, GOALS, OBJECTIVES, ACTIONS, EVALUATION, RESOURCES, ALLOCATIONS)

# The field whose cell stands for a row, where it is not the first one answered
CELL_OF = {RESOURCES: AMOUNT, ALLOCATIONS: AMOUNT}

# What lists.yaml says beside a value
FORM = "form"
JOB_EMBEDDED = "job-embedded"
STAFF_GROUP = "staff_group"
FEDERAL = "federal"
COUNTS = "counts"

# Words of the tables
NOT_STATED = "Not stated"
NO_LINE = "No resource line"
YES = "Yes"
NO = "No"
