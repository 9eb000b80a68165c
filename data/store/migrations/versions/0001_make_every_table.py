"""Make every table."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_audit()
    make_release()
    make_store_state()
    make_submission()
    make_area()
    make_area_change()
    make_commitment()
    make_commitment_status()
    make_coproduction()
    make_document()
    make_duty_evidence()
    make_funding_line()
    make_geometry()
    make_kpi()
    make_passage()
    make_sector_evidence()
    make_training_plan()
    make_deprivation()
    make_observation()
    make_pathway_event()
    make_population()
    make_postcode()
    make_released()
    make_setting()
    number_the_store()


def make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("entry_hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(op.f("ix_audit_action"), "audit", ["action"], unique=False)


def make_release() -> None:
    op.create_table(
        "release",
        sa.Column("indicator_id", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("indicator_id", name=op.f("pk_release")),
    )


def make_store_state() -> None:
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("store_id", sa.String(length=40), nullable=False),
        sa.Column("data_revision", sa.Integer(), nullable=False),
        sa.Column("release_revision", sa.Integer(), nullable=False),
        sa.Column("released_from", sa.String(length=40), nullable=True),
        sa.Column("prepared", sa.String(length=40), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_state")),
    )


def make_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=120), nullable=False),
        sa.Column("extract_date", sa.Date(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=120), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_by", sa.String(length=120), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_submission_sha256")),
        sa.CheckConstraint(
            "rows_read >= 0 AND rows_accepted >= 0 AND rows_refused >= 0", name=op.f("ck_submission_rows")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["submission.id"], name=op.f("fk_submission_supersedes_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_sha256"), "submission", ["sha256"], unique=False)
    op.create_index(op.f("ix_submission_source_id"), "submission", ["source_id"], unique=False)


def make_area() -> None:
    op.create_table(
        "area",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("area_type", sa.String(length=40), nullable=False),
        sa.Column("area_name", sa.String(length=120), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("msoa_code", sa.String(length=12), nullable=True),
        sa.Column("ward_code", sa.String(length=12), nullable=True),
        sa.Column("lad_code", sa.String(length=12), nullable=True),
        sa.Column("icb_code", sa.String(length=12), nullable=True),
        sa.Column("region_code", sa.String(length=12), nullable=True),
        sa.Column("rural_urban", sa.String(length=120), nullable=True),
        sa.Column("edition", sa.String(length=120), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "area_type IN ('lsoa21', 'msoa21', 'ward', 'lad', 'icb', 'region', 'country', 'lsoa11', "
            "'provider', 'nhs_region')",
            name=op.f("ck_area_area_type"),
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_area_submission_id_submission")),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_area")),
    )
    op.create_index(op.f("ix_area_area_type"), "area", ["area_type"], unique=False)
    op.create_index(op.f("ix_area_lad_code"), "area", ["lad_code"], unique=False)
    op.create_index(op.f("ix_area_msoa_code"), "area", ["msoa_code"], unique=False)
    op.create_index(op.f("ix_area_ward_code"), "area", ["ward_code"], unique=False)


def make_area_change() -> None:
    op.create_table(
        "area_change",
        sa.Column("area_code_from", sa.String(length=12), nullable=False),
        sa.Column("area_code_to", sa.String(length=12), nullable=False),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_area_change_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("area_code_from", "area_code_to", name=op.f("pk_area_change")),
    )
    op.create_index(op.f("ix_area_change_area_code_to"), "area_change", ["area_code_to"], unique=False)


def make_commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("source_document", sa.Text(), nullable=False),
        sa.Column("source_page", sa.Text(), nullable=False),
        sa.Column("partner_body", sa.Text(), nullable=False),
        sa.Column("owner_role", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("budget_line", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_commitment_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_commitment_entry_id_version")),
    )
    op.create_index(op.f("ix_commitment_register"), "commitment", ["register"], unique=False)


def make_commitment_status() -> None:
    op.create_table(
        "commitment_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(length=40), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("from_data", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_commitment_status_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_status")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_commitment_status_entry_id_version")),
    )
    op.create_index(op.f("ix_commitment_status_commitment"), "commitment_status", ["commitment"], unique=False)


def make_coproduction() -> None:
    op.create_table(
        "coproduction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("groups_present", sa.Text(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("members_plus_groups", sa.Integer(), nullable=True),
        sa.Column("cohort_plus_share", sa.Double(), nullable=True),
        sa.Column("expenses_paid", sa.Boolean(), nullable=True),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_coproduction_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coproduction")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_coproduction_entry_id_version")),
    )


def make_document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("reader_1", sa.Text(), nullable=False),
        sa.Column("reader_2", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("touches_under_twos", sa.Boolean(), nullable=True),
        sa.Column("states_short_term", sa.Boolean(), nullable=True),
        sa.Column("states_long_term", sa.Boolean(), nullable=True),
        sa.Column("baby_mention_and_action", sa.Boolean(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_document_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_document_entry_id_version")),
    )


def make_duty_evidence() -> None:
    op.create_table(
        "duty_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("mentions_under_twos", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_duty_evidence_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_evidence")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_duty_evidence_entry_id_version")),
    )


def make_funding_line() -> None:
    op.create_table(
        "funding_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("funding_source", sa.Text(), nullable=False),
        sa.Column("council", sa.Text(), nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("budget_or_outturn", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("share_0_to_2", sa.Double(), nullable=False),
        sa.Column("share_basis", sa.Text(), nullable=False),
        sa.Column("prevention", sa.Text(), nullable=False),
        sa.Column("beneficiary", sa.Text(), nullable=False),
        sa.Column("recurrent", sa.Boolean(), nullable=False),
        sa.Column("confirmed_until", sa.Date(), nullable=True),
        sa.Column("ring_fenced_locally", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_funding_line_amount")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_funding_line_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_line")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_funding_line_entry_id_version")),
    )


def make_geometry() -> None:
    op.create_table(
        "geometry",
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("method IN ('approximate', 'official', 'computed')", name=op.f("ck_geometry_method")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_geometry_sha256")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_geometry_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("layer", name=op.f("pk_geometry")),
    )
    op.create_index(op.f("ix_geometry_sha256"), "geometry", ["sha256"], unique=False)


def make_kpi() -> None:
    op.create_table(
        "kpi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("mandated", sa.Boolean(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("last_reported", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_kpi_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_kpi_entry_id_version")),
    )


def make_passage() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_passage_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_passage_entry_id_version")),
    )
    op.create_index(op.f("ix_passage_document"), "passage", ["document"], unique=False)


def make_sector_evidence() -> None:
    op.create_table(
        "sector_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("in_place", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_sector_evidence_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector_evidence")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_sector_evidence_entry_id_version")),
    )


def make_training_plan() -> None:
    op.create_table(
        "training_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workforce_group", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("wte", sa.Double(), nullable=True),
        sa.Column("vacancy_wte", sa.Double(), nullable=True),
        sa.Column("direct_contact_headcount", sa.Integer(), nullable=True),
        sa.Column("level_required", sa.Text(), nullable=False),
        sa.Column("level_owner_role", sa.Text(), nullable=False),
        sa.Column("level_set_on", sa.Date(), nullable=True),
        sa.Column("training_need", sa.Integer(), nullable=True),
        sa.Column("target_share", sa.Double(), nullable=True),
        sa.Column("target_by", sa.Date(), nullable=True),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("places_planned", sa.Integer(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("plan_approved_on", sa.Date(), nullable=True),
        sa.Column("plan_reviewed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_training_plan_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_training_plan_entry_id_version")),
    )


def make_deprivation() -> None:
    op.create_table(
        "deprivation",
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("decile", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name=op.f("ck_deprivation_decile")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_deprivation_rank")),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_deprivation_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_deprivation_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("edition", "domain", "area_code", name=op.f("pk_deprivation")),
        sqlite_with_rowid=False,
    )


def make_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("indicator_id", sa.String(length=80), nullable=False),
        sa.Column("period_from", sa.String(length=10), nullable=False),
        sa.Column("period_to", sa.String(length=10), nullable=False),
        sa.Column("breakdown_type", sa.String(length=40), nullable=False),
        sa.Column("breakdown_value", sa.String(length=120), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("area_type", sa.String(length=40), nullable=False),
        sa.Column("period_type", sa.String(length=40), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("lowercl", sa.Double(), nullable=True),
        sa.Column("uppercl", sa.Double(), nullable=True),
        sa.Column("value_status", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "area_type IN ('lsoa21', 'msoa21', 'ward', 'lad', 'icb', 'region', 'country', 'lsoa11', "
            "'provider', 'nhs_region')",
            name=op.f("ck_observation_area_type"),
        ),
        sa.CheckConstraint("period_from LIKE '____-__-__'", name=op.f("ck_observation_period_from")),
        sa.CheckConstraint("period_to LIKE '____-__-__'", name=op.f("ck_observation_period_to")),
        sa.CheckConstraint(
            "period_type IN ('quarter', 'year', 'three_years', 'snapshot')", name=op.f("ck_observation_period_type")
        ),
        sa.CheckConstraint(
            "value_status IN ('shown', 'rounded', 'suppressed', 'not_collected', 'failed_validation', "
            "'not_applicable', 'immature')",
            name=op.f("ck_observation_value_status"),
        ),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_observation_period")),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_observation_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_observation_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["submission.id"], name=op.f("fk_observation_superseded_by_submission")
        ),
        sa.PrimaryKeyConstraint(
            "indicator_id",
            "period_from",
            "period_to",
            "breakdown_type",
            "breakdown_value",
            "area_code",
            "submission_id",
            name=op.f("pk_observation"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_observation_superseded_by",
        "observation",
        ["superseded_by"],
        unique=False,
        sqlite_where=sa.text("superseded_by IS NOT NULL"),
        postgresql_where=sa.text("superseded_by IS NOT NULL"),
    )


def make_pathway_event() -> None:
    op.create_table(
        "pathway_event",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.CheckConstraint("month LIKE '____-__'", name=op.f("ck_pathway_event_month")),
        sa.CheckConstraint("length(pseudonym) = 64", name=op.f("ck_pathway_event_pseudonym")),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_pathway_event_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_pathway_event_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", "pseudonym", "event", "month", name=op.f("pk_pathway_event")),
    )
    op.create_index("ix_pathway_event_event_month", "pathway_event", ["event", "month"], unique=False)


def make_population() -> None:
    op.create_table(
        "population",
        sa.Column("edition", sa.String(length=120), nullable=False),
        sa.Column("reference_date", sa.String(length=10), nullable=False),
        sa.Column("age_band", sa.String(length=40), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("count", sa.Double(), nullable=False),
        sa.Column("estimate", sa.Boolean(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reference_date LIKE '____-__-__'", name=op.f("ck_population_reference_date")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_population_count")),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_population_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_population_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("edition", "reference_date", "age_band", "area_code", name=op.f("pk_population")),
        sqlite_with_rowid=False,
    )


def make_postcode() -> None:
    op.create_table(
        "postcode",
        sa.Column("postcode", sa.String(length=7), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_postcode_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_postcode_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("postcode", name=op.f("pk_postcode")),
    )


def make_released() -> None:
    op.create_table(
        "released",
        sa.Column("indicator_id", sa.String(length=80), nullable=False),
        sa.Column("area_type", sa.String(length=40), nullable=False),
        sa.Column("period_type", sa.String(length=40), nullable=False),
        sa.Column("breakdown_type", sa.String(length=40), nullable=False),
        sa.Column("period_from", sa.String(length=10), nullable=False),
        sa.Column("period_to", sa.String(length=10), nullable=False),
        sa.Column("breakdown_value", sa.String(length=120), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("lowercl", sa.Double(), nullable=True),
        sa.Column("uppercl", sa.Double(), nullable=True),
        sa.Column("value_status", sa.String(length=40), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "area_type IN ('lsoa21', 'msoa21', 'ward', 'lad', 'icb', 'region', 'country', 'lsoa11', "
            "'provider', 'nhs_region')",
            name=op.f("ck_released_area_type"),
        ),
        sa.CheckConstraint("period_from LIKE '____-__-__'", name=op.f("ck_released_period_from")),
        sa.CheckConstraint("period_to LIKE '____-__-__'", name=op.f("ck_released_period_to")),
        sa.CheckConstraint(
            "period_type IN ('quarter', 'year', 'three_years', 'snapshot')", name=op.f("ck_released_period_type")
        ),
        sa.CheckConstraint(
            "value_status IN ('shown', 'rounded', 'suppressed', 'not_collected', 'failed_validation', "
            "'not_applicable', 'immature')",
            name=op.f("ck_released_value_status"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_released_area_code_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_released_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint(
            "indicator_id",
            "area_type",
            "period_type",
            "breakdown_type",
            "period_from",
            "period_to",
            "breakdown_value",
            "area_code",
            name=op.f("pk_released"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_released_area_code_indicator_id", "released", ["area_code", "indicator_id"], unique=False)


def make_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("setting_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('family_hub', 'nursery', 'childminder', 'creche', 'school', 'gp_practice')",
            name=op.f("ck_setting_kind"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.area_code"], name=op.f("fk_setting_area_code_area")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_setting_submission_id_submission")),
        sa.PrimaryKeyConstraint("setting_id", "kind", name=op.f("pk_setting")),
    )
    op.create_index(op.f("ix_setting_area_code"), "setting", ["area_code"], unique=False)


def number_the_store() -> None:
    """Give the store its one row of state, with an identity of its own."""
    state = sa.table(
        "store_state", *(sa.column(name) for name in ("id", "store_id", "data_revision", "release_revision"))
    )
    row = {"id": 1, "store_id": uuid.uuid4().hex[:8], "data_revision": 0, "release_revision": 0}
    op.bulk_insert(state, [row])
