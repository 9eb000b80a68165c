"""The closed lists that the store's check constraints hold."""

from __future__ import annotations

AREA_TYPES = ("lsoa21", "msoa21", "ward", "lad", "icb", "region", "country", "lsoa11")
PERIOD_TYPES = ("quarter", "year", "three_years", "snapshot")
VALUE_STATUSES = (
    "shown",
    "rounded",
    "suppressed",
    "not_collected",
    "failed_validation",
    "not_applicable",
    "immature",
)
SETTING_KINDS = ("family_hub", "nursery", "childminder", "creche", "school", "gp_practice")
GEOMETRY_METHODS = ("approximate", "official", "computed")
COMMITMENT_STATUSES = ("not_started", "on_track", "off_track", "done", "withdrawn")
SECTOR_ASPECTS = ("service", "training", "lead")
SECTORS = (
    "local_economy",
    "education",
    "health",
    "send",
    "childrens_social_care",
    "employment",
    "policing",
    "community",
)
BENEFICIARIES = ("unborn", "infant", "carer")
