"""What ``--help`` of each command ends with: two examples, and the page that says more."""

from __future__ import annotations

import click

# What is called → (page in docs/, examples).
EXAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": (
        "cli.md",
        (
            "trailwarden scan logs/ --output terminal --output html=report.html",
            "trailwarden watch logs/ --stack security.yaml --home state",
        ),
    ),
    "scan": (
        "scan.md",
        (
            "trailwarden scan logs/ --stack security.yaml --since 7d",
            "trailwarden scan s3://trail-bucket/AWSLogs --output matches=matches.csv",
        ),
    ),
    "watch": (
        "watch.md",
        (
            "trailwarden watch s3://trail-bucket/AWSLogs --stack security.yaml",
            "trailwarden watch logs/ --config trailwarden.toml --once",
        ),
    ),
    "explain": (
        "explain.md",
        (
            "trailwarden explain logs/ --stack cis --filter cis-root-usage --matches",
            "trailwarden explain event.json --pattern '{ $.eventName = StopLogging }'",
        ),
    ),
    "notify": (
        "notifications.md",
        (
            "trailwarden notify check --config trailwarden.toml",
            "trailwarden notify test cis-alarms --config trailwarden.toml",
        ),
    ),
    "notify check": (
        "notifications.md",
        (
            "trailwarden notify check",
            "trailwarden notify check --config trailwarden.toml --stack security.yaml",
        ),
    ),
    "notify test": (
        "notifications.md",
        (
            "trailwarden notify test cis-alarms",
            "trailwarden notify test cis-alarms --state OK --config trailwarden.toml",
        ),
    ),
    "notify confirm": (
        "notifications.md",
        (
            "trailwarden notify confirm TOKEN",
            "trailwarden notify confirm TOKEN --home state",
        ),
    ),
    "audit": (
        "audit.md",
        (
            "trailwarden audit --stack security.yaml --fail-on fail",
            "trailwarden audit --stack aws --region eu-west-1 --output html=audit.html",
        ),
    ),
    "lint": (
        "lint.md",
        (
            "trailwarden lint security.yaml --output text --output sarif=lint.sarif",
            "trailwarden lint --explain TW303 TW1",
        ),
    ),
    "tune": (
        "tune.md",
        (
            "trailwarden tune logs/ --stack security.yaml",
            "trailwarden tune logs/ --alarm cis-unauthorized-api-calls --output json",
        ),
    ),
    "test": (
        "test.md",
        (
            "trailwarden test security.tests.yaml --coverage",
            "trailwarden test cis --output junit=tests.xml",
        ),
    ),
    "stack": (
        "stack.md",
        (
            "trailwarden stack show security.yaml",
            "trailwarden stack synth --output stack.yaml",
        ),
    ),
    "stack show": (
        "stack.md",
        (
            "trailwarden stack show security.yaml --output html=stack.html",
            "trailwarden stack show aws --region eu-west-1",
        ),
    ),
    "stack cost": (
        "stack.md",
        (
            "trailwarden stack cost logs/ --stack security.yaml",
            "trailwarden stack cost logs/ --stack cis --months 24 --output json",
        ),
    ),
    "stack synth": (
        "synth.md",
        (
            "trailwarden stack synth --output stack.yaml",
            "trailwarden stack synth --format terraform --control root-usage --output main.tf.json",
        ),
    ),
    "simulate": (
        "cli.md",
        (
            "trailwarden simulate demo/archive",
            "trailwarden simulate demo/quiet --days 3 --seed 7 --no-attack",
        ),
    ),
}
_AS_IT_IS = "\b\n"  # how click is told to keep lines


def with_examples(command: click.Command, name: str) -> click.Command:
    """``command``, called by ``name``, with its examples below its help; its own commands too."""
    if command.epilog is None and name in EXAMPLES:
        page, examples = EXAMPLES[name]
        lines = [f"{_AS_IT_IS}Examples:", *(f"  {example}" for example in examples)]
        command.epilog = "\n".join(lines) + f"\n\n{_AS_IT_IS}More: docs/{page}"
    if isinstance(command, click.Group) and name:
        for inner, one in command.commands.items():
            with_examples(one, f"{name} {inner}")
    return command
