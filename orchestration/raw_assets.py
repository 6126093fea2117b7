"""One asset a source: its files landed and read into raw Parquet, partition by partition.

Where no published file has landed, the asset reads the fictional files in the layout of its source instead.

A source whose releases name years is partitioned by financial year, one whose files belong to a coding wave
by wave, any other is whole. A run for one partition reads that partition's files and no other.
"""

import dagster as dg

from ingest import catalogue
from ingest.catalogue import Source
from orchestration.failures import blocked, retry_what_can_pass
from orchestration.resources import Workspace
from orchestration.sources import Taken, read_as, take, waves_of

OWNER = "team:prevention-warehouse"
# What is read with the codebooks in force is read after them.
CODEBOOKS, READ_WITH_CODEBOOKS = "codebooks", ("coding_sheet", "document")
# Metadata of a source's events: what could not be read, in words.
PROBLEMS = "problems"


def _periods() -> list[str]:
    """Every financial year of the catalogue, then every coding wave of the codebook."""
    waves = {wave for source in catalogue.load().sources.values() for wave in waves_of(source)}
    return [*catalogue.load().financial_years(), *sorted(waves)]


# One definition for years and waves: a job cannot hold assets of two.
PERIODS = dg.StaticPartitionsDefinition(_periods())


def source_key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["source", name])


def partitions_of(source: Source) -> dg.PartitionsDefinition | None:
    """The partitions of a source, as its entries in the catalogue give them."""
    has_years = any(release.financial_year for release in catalogue.load().of(source.name))
    return PERIODS if has_years or waves_of(source) else None


def source_asset(source: Source) -> dg.AssetsDefinition:
    """The asset of one catalogue entry."""
    key = source_key(source.name)

    @dg.asset(
        key=key,
        partitions_def=partitions_of(source),
        deps=[source_key(CODEBOOKS)] if source.reader in READ_WITH_CODEBOOKS else None,
        group_name=f"source_{'submitted' if source.is_submitted else 'published'}",
        description=f"{source.title}. {source.publisher}, {source.licence}.",
        owners=[OWNER],
        kinds={"file", "parquet"},
        tags={"required": "yes" if source.is_required else "no"},
        metadata={
            "publisher": source.publisher,
            "licence": source.licence,
            "page": dg.MetadataValue.url(source.page) if source.page else "",
        },
        check_specs=[
            dg.AssetCheckSpec(
                "files_can_be_read",
                asset=key,
                description="Every file of the source was understood; a required source has at least one",
            )
        ],
    )
    def read(context: dg.AssetExecutionContext, workspace: Workspace):
        partition = context.partition_key if context.has_partition_key else None
        with retry_what_can_pass():
            stand_in = read_as(source, workspace.inputs.is_sample)
            taken = Taken(source.name)
            if stand_in is not None:
                taken = take(stand_in, workspace.paths, workspace.inputs, partition)
        if partition is None:
            for name, rows in sorted(taken.rows_by_partition.items()):
                context.log_event(
                    dg.AssetMaterialization(key, partition=name, metadata={"dagster/partition_row_count": rows})
                )
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name="files_can_be_read",
            passed=not taken.problems,
            severity=dg.AssetCheckSeverity.ERROR if taken.is_blocking else dg.AssetCheckSeverity.WARN,
            metadata={
                "expected": "no file set aside",
                "observed": f"{len(taken.problems)} problems",
                "difference": len(taken.problems),
                PROBLEMS: dg.MetadataValue.json(taken.problems),
            },
        )
        if taken.is_blocking:
            raise blocked(f"Source {source.name} cannot be used.", taken.problems)
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "dagster/row_count": sum(taken.rows.values()),
                "read": dg.MetadataValue.json(taken.read),
                "unchanged": dg.MetadataValue.json(taken.unchanged),
                "rejected_rows": taken.rejects,
                PROBLEMS: dg.MetadataValue.json(taken.problems),
                "is_sample": workspace.inputs.is_sample,
            },
        )

    return read


SOURCES = [source for source in catalogue.load().sources.values() if not source.is_sample]
SOURCE_ASSETS = [source_asset(source) for source in SOURCES]
