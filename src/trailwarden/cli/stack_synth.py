"""``trailwarden stack synth``: the built-in stack, to be deployed to AWS."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.deploy import Format, Part, Style


@click.command()
@click.option(
    "--part",
    type=click.Choice(["whole", "trail", "alarms"]),
    default="whole",
    show_default=True,
    help="The trail alone, the alarms alone on a log group that there is, or both.",
)
@click.option(
    "--style",
    type=click.Choice(["detect", "strict", "both"]),
    help="Hardened filters (the default); strict: the words of the benchmark, which satisfy it and "
    "Security Hub, but Prowler and Powerpipe not everywhere (see audit); or each twice.",
)
@click.option("--strict", is_flag=True, help="The same as --style strict; with --detect, both.")
@click.option("--detect", is_flag=True, help="The same as --style detect; with --strict, both.")
@click.option(
    "--control",
    "only",
    multiple=True,
    metavar="KEY",
    help="Only this control, such as root-usage. Repeat for several.",
)
@click.option(
    "--exclude", multiple=True, metavar="KEY", help="All but this control. Repeat for several."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["yaml", "json", "terraform"]),
    default="yaml",
    show_default=True,
    help="CloudFormation as YAML or JSON, or Terraform (a main.tf.json).",
)
@click.option(
    "--output",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file, which must not be there yet; by default, or with -, to standard "
    "output.",
)
@click.option("--force", is_flag=True, help="Replace the file of --output.")
def synth(
    part: Part,
    style: Style | None,
    strict: bool,
    detect: bool,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    format_: Format,
    output: Path | None,
    force: bool,
) -> int:
    """Write the built-in stack for AWS: CloudFormation or Terraform.

    It holds a trail with its bucket, key and log group, and the metric filters and alarms of the
    CIS monitoring controls with their topic. What differs between accounts is a parameter. Nothing
    is deployed or changed.

    Exit status: 0 it was written; 2 bad usage, or the file is there already.
    """
    from trailwarden.cli.outputs import Output, write_all
    from trailwarden.deploy import request
    from trailwarden.deploy.writing import MAX_INLINE, written
    from trailwarden.errors import UsageError

    style = _style(style, strict, detect)
    if part == "trail" and (style or only or exclude):
        raise click.UsageError(
            "--style, --control and --exclude choose alarms, and --part trail has none"
        )
    _check(output, force)
    text = written(request(part, style or "detect", only, exclude), format_)

    def write(_: str, stream: IO[str]) -> None:
        stream.write(text)

    is_file = output is not None and str(output) != "-"
    try:
        path = output.absolute() if output and is_file else None
        write_all([Output(format_, path, is_public=True)], write)
    except UsageError as error:  # whose cure is for other commands: here --output is a file only
        cure = "name a file where there is room and you may write: --output FILE"
        raise UsageError(error.message, cure=cure) from None
    if format_ != "terraform" and len(text) > MAX_INLINE:
        click.echo(
            f"note: {len(text):,} bytes; CloudFormation takes at most {MAX_INLINE:,} from a file, "
            "and 1 MB from S3: aws cloudformation deploy --s3-bucket BUCKET",
            err=True,
        )
    return 0


def _style(style: Style | None, strict: bool, detect: bool) -> Style | None:
    if not strict and not detect:
        return style
    if style:
        raise click.UsageError("--style says all that --strict and --detect say: keep one of them")
    if strict and detect:
        return "both"
    return "strict" if strict else "detect"


def _check(output: Path | None, force: bool) -> None:
    if output is not None and output.is_dir():  # click takes an empty text for a file
        raise click.BadParameter("it names a folder; name a file", param_hint="--output")
    if output is not None and output.is_file() and not force:
        raise click.BadParameter(
            f"{visible(str(output), 200)} is there already; name another file, or give --force",
            param_hint="--output",
        )
