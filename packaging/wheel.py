"""Builds the wheel with maturin, with the manual pages and completions that the executable itself prints."""

import os
import pathlib
import shlex
import subprocess

import maturin
from maturin import get_requires_for_build_wheel  # noqa: F401

# maturin packs this folder, named in pyproject.toml.
SHARE = pathlib.Path("target/wheel/data/share")


def with_arguments(config_settings):
    """Returns the settings with the arguments of the build: those that are given, or the profile for distribution."""
    settings = dict(config_settings or {})
    settings.setdefault("build-args", "--profile dist --locked")
    return settings


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    SHARE.mkdir(parents=True, exist_ok=True)
    return maturin.prepare_metadata_for_build_wheel(metadata_directory, with_arguments(config_settings))


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    settings = with_arguments(config_settings)
    arguments = shlex.split(settings["build-args"])
    profile = arguments[arguments.index("--profile") + 1]
    subprocess.run(["cargo", "build", *arguments], check=True)
    program = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / profile / "partnerbook"
    subprocess.run(["packaging/share.sh", program, SHARE], check=True)
    return maturin.build_wheel(wheel_directory, settings, metadata_directory)
