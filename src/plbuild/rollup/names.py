"""Every name of the specs that a roll-up table knows: sections, fields, list attributes, words.

The one place to look when a YAML spec renames something. A section or field that a spec or a profile
does not have reads as blank everywhere, so a table loses a column of answers but never fails.
"""

from __future__ import annotations

# Who owes a plan (PlanSpec.owner)
SCHOOL = "school"
DISTRICT = "district"

# What became of a plan (Status.state)
ACCEPTED = "accepted"
HELD = "held"
MISSING = "missing"
EXEMPT = "exempt"

# Columns of the roster
GRADE_LOW = "grade_low"
GRADE_HIGH = "grade_high"

# Sections
NEEDS = "needs"
GOALS = "goals"
OBJECTIVES = "objectives"
ACTIONS = "actions"
RESOURCES = "resources"
ALLOCATIONS = "allocations"

# Fields of needs and goals
AREA = "area"
NEED = "need"
DISTRICT_GOAL = "district_goal"
STATEMENT = "statement"
STUDENT_GROUP = "student_group"
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
HOURS = "hours_per_person"
PARTICIPANTS = "participants"

# Fields of resources and allocations
KIND = "kind"
AMOUNT = "amount"
FUNDING_SOURCE = "funding_source"

# What lists.yaml says beside a value
FORM = "form"
JOB_EMBEDDED = "job-embedded"
STAFF_GROUP = "staff_group"
FEDERAL = "federal"

# Words of the tables
NOT_STATED = "Not stated"
YES = "Yes"
NO = "No"
