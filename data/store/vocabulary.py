"""The closed lists that the store's check constraints hold."""

from __future__ import annotations

AREA_TYPES = (
    "lsoa21",
    "msoa21",
    "ward",
    "lad",
    "icb",
    "region",
    "country",
    "lsoa11",
    "provider",  # NHS trusts, by organisation code, in the maternity statistics
    "nhs_region",  # NHS commissioning regions, in the same
)
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
