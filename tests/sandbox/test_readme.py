"""The README tells the truth."""

import re
from pathlib import Path

from sandbox.cli import parser
from sandbox.demo_business import harbour_and_hills
from sandbox.knobs import KNOBS

FOLDER = Path(__file__).parents[2] / "sandbox"
README = (FOLDER / "README.md").read_text()


def test_readme_lists_every_knob_as_the_program_explains_it() -> None:
    table = README.partition("<!-- knobs -->")[2].partition("<!-- /knobs -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert rows == [(name, knob.explanation) for name, knob in KNOBS.items()]


def test_readme_names_every_product_code_and_module() -> None:
    account = harbour_and_hills()
    for code in [product.code for product in account.products] + [voucher.code for voucher in account.vouchers]:
        assert f"`{code}`" in README
    for module in FOLDER.glob("*.py"):
        assert f"`{module.stem}`" in README or module.stem.startswith("__"), module.stem


def test_commands_in_the_readme_are_understood() -> None:
    for line in re.findall(r"^    python -m sandbox (.+?)(?:\s{2,}#.*)?$", README, re.MULTILINE):
        if line != "--help":
            assert parser().parse_args(line.split()).run
