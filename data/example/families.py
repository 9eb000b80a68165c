"""What is true of pregnancies, babies and families in the illustrative world, sender by sender.

A name that begins with ``_`` is a line that is never returned itself, such as the parents who answered a question.
Levels follow England's published figures where there is one: new birth visits within 14 days 85.2% and by 30 days
98.0% (2024/25); 6 to 8 week review 81.5%, 12 month review 74.6% by 12 and 82.6% by 15 months, 2 to 2½ year review 75.7%
of which 91.2% used ASQ-3 (2017/18 Q1); breastfeeding 52.7% (2023/24); all five ASQ-3 domains 79.2% and communication
85.3% (2022/23); newborns in care proceedings 35 per 10,000 (2016). Every other level is made up.
"""

from __future__ import annotations

from data.example.kinds import Amount, Events, Ratio, Score, Share, Things, Total, Truth

REVIEWS = (
    "met:antenatal_contact_coverage+new_birth_visit_30_days+review_6_8_weeks+review_12_months_by_15+review_2_years"
)
FORMS = "met:pregnancy_form_completed"
NEVER = -12.0  # log-odds: nobody

# Places with an unexplained difference, whatever their deprivation.
LATE_NEW_BIRTH_VISIT = "E01034374"  # LSOA Dorset 003D
MISSED_12_MONTHS = "E01020452"  # LSOA Dorset 009B
GOOD_12_MONTHS = "E01015384"  # LSOA Bournemouth, Christchurch and Poole 022E
MISSED_2_YEARS = "E02003208"  # MSOA Bournemouth, Christchurch and Poole 044
NO_BUDDY = "E02004284"  # MSOA Dorset 044: high need and no buddy at all

HEALTH_VISITING: dict[str, Truth] = {
    "antenatal_contact_coverage": Share("due_28_weeks", 0.62, slope=0.15, trend=0.02, council=0.25),
    "antenatal_contact_count": Total(("met:antenatal_contact_coverage",)),
    "antenatal_review_scphn_home": Share("met:antenatal_contact_coverage", 0.80, slope=0.05, trend=-0.02),
    "new_birth_visit_14_days": Share("births", 0.86, slope=0.12, council=0.20, outliers={LATE_NEW_BIRTH_VISIT: -2.0}),
    "new_birth_visit_after_14_days": Share("births", 0.85, beyond="new_birth_visit_14_days"),
    "new_birth_visit_30_days": Total(
        ("met:new_birth_visit_14_days", "met:new_birth_visit_after_14_days"), cohort="births"
    ),
    "review_6_8_weeks": Share("due_8_weeks", 0.83, slope=0.14, trend=0.015, council=0.10),
    "breastfeeding_6_8_weeks": Share("due_8_weeks", 0.52, slope=0.22, trend=0.01, step=(6, 0.30), council=0.05),
    "review_12_months_by_12": Share("due_12_months", 0.72, slope=0.16, trend=0.04, council=0.15),
    "review_12_months_by_15": Share(
        "due_15_months",
        0.81,
        slope=0.18,
        trend=0.04,
        council=0.15,
        outliers={MISSED_12_MONTHS: -2.2, GOOD_12_MONTHS: 1.8},
    ),
    "review_2_years": Share(
        "due_30_months", 0.80, slope=0.20, step=(7, -0.50), council=0.10, outliers={MISSED_2_YEARS: -1.5}
    ),
    "review_2_years_asq3": Share("met:review_2_years", 0.92, trend=0.02),
    "reviews_named_health_visitor": Share(REVIEWS, 0.70, trend=-0.03),
    "reviews_at_home": Share(REVIEWS, 0.58, slope=-0.03),
    "extra_contacts_not_face_to_face": Events("under_2", 0.40, slope=-0.10, trend=0.01),
    "good_level_development_2_years": Share("met:review_2_years_asq3", 0.79, slope=0.20, council=0.05),
    "asq3_communication": Share("met:review_2_years_asq3", 0.31, including="good_level_development_2_years"),
    "asq3_gross_motor": Share("met:review_2_years_asq3", 0.62, including="good_level_development_2_years"),
    "asq3_fine_motor": Share("met:review_2_years_asq3", 0.66, including="good_level_development_2_years"),
    "asq3_problem_solving": Share("met:review_2_years_asq3", 0.58, including="good_level_development_2_years"),
    "asq3_personal_social": Share("met:review_2_years_asq3", 0.49, including="good_level_development_2_years"),
    "_asq_se_completed": Share("met:review_2_years", 0.50),
    "social_emotional_concern": Share("met:_asq_se_completed", 0.11, slope=-0.20),
    "continuity_to_new_birth": Share(FORMS, 0.66, slope=0.12, trend=0.05),
    "continuity_to_6_8_weeks": Share(FORMS, 0.57, slope=0.13, trend=0.05, inside="continuity_to_new_birth"),
    "_form_15_months": Share("due_15_months", 0.48, slope=0.15),
    "continuity_to_12_months": Share("met:_form_15_months", 0.47, slope=0.15, trend=0.03, starts=5),
    "_form_30_months": Share("due_30_months", 0.45, slope=0.15),
    "continuity_to_2_years": Share("met:_form_30_months", 0.36, slope=0.15, starts=10),
    "holistic_need_view": Share("families", 0.38, slope=0.05, trend=0.06),
    "_partner_at_contact": Share(REVIEWS, 0.82, slope=0.08),
    "partner_present": Share("met:_partner_at_contact", 0.44, slope=0.10, trend=0.03),
    "partner_identified_offered": Share("families", 0.35, slope=0.08, trend=0.05),
    "promotion_delivered": Share(REVIEWS, 0.60, trend=0.04, council=-0.15),
    "vulnerable_babies_reached": Share("met:_vulnerable", 0.55, slope=-0.10, trend=0.03),
    "_vulnerable": Share("under_2", 0.07, slope=-0.40),
    "_needs_by_3": Share("due_42_months", 0.16, slope=-0.25),
    "needs_found_before_two": Share("met:_needs_by_3", 0.48, slope=0.10, trend=0.05),
    "months_earlier_found": Score("met:_needs_by_3", 13.0, 8.0, trend=0.3),
    "_extra_support": Share("due_30_months", 0.18, slope=-0.30),
    "support_started_in_window": Share("met:_extra_support", 0.60, slope=0.08, trend=0.03),
    "_open_at_lower_level": Share("families", 0.20, slope=-0.30),
    "escalated_within_year": Share("met:_open_at_lower_level", 0.015, slope=-0.20, trend=-0.02),
    "cohort_under_two": Total(("under_2",)),
    "_health_visitors": Amount(1 / 330, per="under_5", growth=-0.02, council=1.05),
    "children_per_health_visitor": Ratio("under_5", "amount:_health_visitors"),
}

MATERNITY: dict[str, Truth] = {
    "cohort_pregnancies": Total(("pregnant",)),
    # One trust leaves the week of booking empty for about half of its women, so they drop out below the line.
    "_booking_week_known": Share("parents", 0.90, slope=0.08, council=-2.0),
    "rights_information_early": Share("met:_booking_week_known", 0.34, slope=0.15, trend=0.06),
    "rights_information_often": Share("parents", 0.22, slope=0.15, trend=0.05),
    "rights_information_median_times": Score("parents", 1.9, 1.2, trend=0.04),
    "rights_information_partners": Share("partners", 0.18, slope=0.20, trend=0.06),
    "wellbeing_resources_offered": Share("parents", 0.52, slope=0.06, trend=0.04),
    "perinatal_mental_health_access": Share("births", 0.080, slope=-0.10, trend=0.02),
}

DIGITAL_FORM: dict[str, Truth] = {
    "pregnancy_form_completed": Share("births", 0.55, slope=0.25, trend=0.08, council=-0.10),
    "pregnancy_form_by_16_weeks": Share("births", 0.24, slope=0.30, trend=0.09, inside="pregnancy_form_completed"),
    "pregnancy_form_median_weeks": Score(FORMS, 19.5, 5.0, slope=-0.5, trend=-0.25),
    "parenting_information_opted_in": Share(FORMS, 0.62, slope=0.15),
    "parenting_information_opened": Share("met:parenting_information_opted_in", 0.48, slope=0.10, trend=0.02),
    "_questions_answered": Share(FORMS, 0.93),
    "low_preparedness": Share("met:_questions_answered", 0.28, slope=-0.20, trend=-0.02),
    "loneliness": Share("met:_questions_answered", 0.24, slope=-0.12, step=(8, 0.40), council=0.15),
    "poor_self_rated_health": Share("met:_questions_answered", 0.06, slope=-0.30),
    "financial_strain": Share("met:_questions_answered", 0.30, slope=-0.40, trend=0.02),
    "_answered_in_private": Share("met:_questions_answered", 0.75),
    "relationship_distress": Share("met:_answered_in_private", 0.12, slope=-0.15),
    "screened_for_anxiety_depression": Share("parents", 0.50, slope=0.10, trend=0.05),
    "anxiety_screen_positive": Share("met:screened_for_anxiety_depression", 0.17, slope=-0.15),
    "depression_screen_positive": Share("met:screened_for_anxiety_depression", 0.13, slope=-0.18),
    "needs_acted_on": Share(FORMS, 0.58, slope=0.08, trend=0.05),
    "form_needs_found": Events(FORMS, 0.80, slope=-0.25),
    "form_linked": Share(FORMS, 0.78, trend=0.08, council=-0.30),
    "form_link_median_days": Score(FORMS, 16.0, 9.0, trend=-0.5),
    "form_unmatched": Share(FORMS, 0.70, beyond="form_linked"),
}

FAMILY_HUBS: dict[str, Truth] = {
    "hub_reach_under_two": Share("families", 0.30, slope=-0.05, trend=0.05, council=-0.40),
    "_stressor_pairs": Share("births", 0.22, slope=-0.20),
    "stressor_reduction": Share("met:_stressor_pairs", 0.52, slope=0.08, trend=0.02),
    "finance_skills_offered": Share("parents", 0.40, slope=0.05, trend=0.06),
    "finance_skills_completed": Share("met:finance_skills_offered", 0.45, slope=0.18, trend=0.02),
    "_paired_scores": Share("parents", 0.07),
    "preparedness_gain": Score("met:_paired_scores", 1.4, 1.8, slope=-0.1, trend=0.03),
    "knowledge_skills_gain": Share("met:_paired_scores", 0.68, trend=0.02),
    "_without_exclusions": Share("parents", 0.96),
    "relationship_course_offered": Share("met:_without_exclusions", 0.26, slope=0.06, trend=0.05, starts=4),
    "relationship_course_started": Share("met:relationship_course_offered", 0.42, slope=0.12, starts=4),
    "relationship_course_completed": Share("met:relationship_course_started", 0.64, slope=0.15, starts=4),
    "offers_by_channel": Amount(24, growth=0.08, whole=True),
    "families_using_channel": Share("families", 0.42, slope=0.08, trend=0.03),
    "offered_before_28_weeks": Share("births", 0.46, slope=0.10, trend=0.04),
    "_offers_made": Share("parents", 0.60, slope=-0.05),
    "offers_not_taken_up": Share("met:_offers_made", 0.34, slope=-0.22, trend=-0.03, council=0.10),
    "_offers_taken_up": Share("met:_offers_made", 0.999, beyond="offers_not_taken_up"),
    "offer_to_contact_median_days": Score("met:_offers_taken_up", 21.0, 10.0, slope=-0.8, trend=-0.3),
    "targeted_contacts": Events("families", 0.06, slope=-0.15, trend=0.02),
    "core20_share_of_contacts": Ratio("core20:targeted_contacts", "met:targeted_contacts"),
}

BUDDIES: dict[str, Truth] = {
    "_buddies": Amount(18.0, growth=0.15, council=0.8, noise=0.0),
    "buddies_in_post": Ratio("amount:_buddies", ""),
    "buddies_supervised": Things(45, 0.62, trend=0.06, council=-0.10),
    "_open_buddies": Share("under_2", 0.022, slope=-0.30, trend=0.04),
    "families_per_buddy": Ratio("met:_open_buddies", "amount:_buddies"),
    "buddy_criteria_met": Share(FORMS, 0.14, slope=-0.40),
    "buddy_allocated": Share("met:buddy_criteria_met", 0.55, trend=0.06, extra={1: -0.80}, outliers={NO_BUDDY: NEVER}),
    "buddy_waiting": Share("met:buddy_criteria_met", 0.70, beyond="buddy_allocated"),
    "buddy_median_days": Score("met:buddy_allocated", 32.0, 14.0, trend=-0.8),
    "_buddied_to_two": Share("due_24_months", 0.05, slope=-0.30),
    "buddy_kept_to_two": Share("met:_buddied_to_two", 0.58, slope=0.10, trend=0.02),
    "_buddy_supports_ended": Share("under_2", 0.006, slope=-0.30, flow=True),
    "buddy_ended_early": Share("met:_buddy_supports_ended", 0.46, trend=-0.02, council=0.15),
    "_buddied_with_need": Share("met:buddy_allocated", 0.85),
    "buddy_introduced": Share("met:_buddied_with_need", 0.86),
    "buddy_attended": Share("met:_buddied_with_need", 0.64, slope=0.10, inside="buddy_introduced"),
    "buddy_three_contacts": Share("met:_buddied_with_need", 0.44, slope=0.12, inside="buddy_attended"),
}

PARENT_INFANT_TEAM: dict[str, Truth] = {
    "_births_in_year": Total(("births_in_year",), at_date=True),
    "_specialists": Amount(8.0, growth=0.10, council=0.75, noise=0.0),
    "pir_workers_wte": Ratio("amount:_specialists", "births_in_year"),
    "_pir_contacts": Events("births", 0.40, slope=-0.20, trend=0.03),
    "pir_contacts_home_community": Share("met:_pir_contacts", 0.72, trend=0.02),
    "_pir_families": Share("met:_pir_contacts", 0.26),
    "pir_contacts_per_family": Ratio("met:_pir_contacts", "met:_pir_families"),
    "_pairs_assessed": Share("births", 0.11, slope=-0.15),
    "parent_infant_relationship_concern": Share("met:_pairs_assessed", 0.34, slope=-0.10),
    "needs_identified_rate": Share("births", 0.12, slope=-0.20, trend=0.03),
    "needs_confirmed": Share("met:needs_identified_rate", 0.63, trend=0.02),
    "care_after_need": Share("met:needs_identified_rate", 0.50, slope=0.10, trend=0.03),
    "_referred_and_accepted": Share("births", 0.035, slope=-0.15),
    "treatment_started_in_time": Share("met:_referred_and_accepted", 0.48, trend=0.02),
    "treatment_median_wait": Score("met:_referred_and_accepted", 74.0, 30.0, trend=-1.0),
    "under_two_mental_health_access": Share("under_2", 0.011, slope=-0.15, trend=0.03),
}

SOCIAL_CARE: dict[str, Truth] = {
    "under_two_started_looked_after": Share("under_2", 0.0011, slope=-0.45),  # a quarter; about 44 per 10,000 a year
    "care_proceedings_newborn": Share("births", 0.0030, slope=-0.45),
    "care_proceedings_infant": Share("births", 0.0040, slope=-0.45, including="care_proceedings_newborn"),
    "_referrals": Share("under_2", 0.012, slope=-0.40, flow=True),
    "re_referrals": Share("met:_referrals", 0.21, slope=-0.05, trend=-0.01),
    "serious_incidents": Share("under_2", 0.00008, slope=-0.30),
    "looked_after_under_1": Share("under_1", 0.0060, slope=-0.45, at_date=True),
    "looked_after_1_to_4": Share("aged_1_to_4", 0.0045, slope=-0.45, at_date=True),
}
