"""Master records as controlled documents; batches with their steps, entries, materials and units; their signatures and release."""

from migrations.files import run_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_files("batches_ground.sql", "batches_master.sql", as_owner=True)
    run_files(
        "batches_batch.sql", "batches_entries.sql", "batches_machines.sql", "batches_labels.sql", "batches_material.sql", as_owner=True
    )
    run_files("batches_deviations.sql", "batches_steps.sql", as_owner=True)
    run_files("batches_subjects.sql", "batches_release.sql", "batches_review.sql", "batches_printing.sql", as_owner=True)
    run_files("practice.sql", as_owner=True)
    run_files("batches_trace.sql", as_owner=True)
    run_files("batches_step_view.sql", as_owner=True)
