"""Compares rendered pages with their references: pages.py RENDERED REFERENCES [--update].

Both folders hold PNG files of the same names. Pages are made small and grey first, so that another version of the renderer,
which smooths letters its own way, makes no difference, while a moved block or a changed colour does.
"""

import pathlib
import shutil
import sys

from PIL import Image, ImageChops, ImageFilter, ImageStat

# Of 255: how far the whole page, and its worst spot, may differ on average.
PAGE, SPOT = 1.0, 26.0


def small(path):
    image = Image.open(path).convert("L")
    return image.filter(ImageFilter.BoxBlur(2)).resize((image.width // 3, image.height // 3), Image.BOX)


def main(rendered, references, update):
    rendered, references = pathlib.Path(rendered), pathlib.Path(references)
    faults = 0
    for page in sorted(rendered.glob("*.png")):
        reference = references / page.name
        if update:
            references.mkdir(exist_ok=True)
            shutil.copy(page, reference)
            continue
        if not reference.exists():
            print(f"{page.name}: no reference")
            faults += 1
            continue
        now, then = small(page), small(reference)
        if now.size != then.size:
            print(f"{page.name}: another size")
            faults += 1
            continue
        difference = ImageChops.difference(now, then)
        mean = ImageStat.Stat(difference).mean[0]
        worst = difference.filter(ImageFilter.BoxBlur(3)).getextrema()[1]
        if mean > PAGE or worst > SPOT:
            print(f"{page.name}: looks different, {mean:.2f} over the page, {worst} at the worst spot")
            faults += 1
    missing = {path.name for path in references.glob("*.png")} - {path.name for path in rendered.glob("*.png")}
    for name in sorted(missing):
        print(f"{name}: not rendered any more")
    print(f"{faults + len(missing)} differences")


main(sys.argv[1], sys.argv[2], "--update" in sys.argv)
