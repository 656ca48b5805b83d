"""Photos of the demo town: small drawn scenes of a problem and of the same place mended.

Nothing here is a photograph. A scene is a pure function of its name, moment and variant, drawn in
units of 1200×900 at twice the size and then reduced, so that edges are smooth.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
ZOOM = 2
VARIANTS = 3
MAX_BYTES = 80_000
Colour = tuple[int, int, int]
Point = tuple[float, float]

WALLS: tuple[Colour, ...] = (
    (233, 205, 160),
    (205, 220, 214),
    (240, 190, 160),
    (214, 206, 232),
    (236, 224, 190),
)
ROOFS: tuple[Colour, ...] = ((150, 72, 54), (110, 92, 84), (92, 108, 120))
GRASS: Colour = (108, 160, 76)
DRY: Colour = (198, 172, 112)
ASPHALT: Colour = (104, 106, 110)
CEMENT: Colour = (190, 186, 178)
NIGHT: Colour = (38, 44, 74)
WATER: Colour = (96, 160, 204)


class Canvas:
    """A drawing in units of 1200×900."""

    def __init__(self, variant: int, *, night: bool = False) -> None:
        self.random = random.Random(variant)  # noqa: S311  # nosec B311 # drawings, not secrets
        self.night = night
        self.image = Image.new("RGB", (WIDTH * ZOOM, HEIGHT * ZOOM))
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape."""
        self.draw.polygon([(x * ZOOM, y * ZOOM) for x, y in points], fill=self.tint(colour))

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle from its upper left corner."""
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """A filled ellipse around its centre."""
        box = [(x - rx) * ZOOM, (y - ry) * ZOOM, (x + rx) * ZOOM, (y + ry) * ZOOM]
        self.draw.ellipse(box, fill=self.tint(colour))

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A broken line with rounded joints."""
        scaled = [(x * ZOOM, y * ZOOM) for x, y in points]
        self.draw.line(scaled, fill=self.tint(colour), width=round(width * ZOOM), joint="curve")

    def tint(self, colour: Colour) -> Colour:
        """The colour as it looks by day or at dusk."""
        if not self.night:
            return colour
        red, green, blue = (round(c * 0.42 + n * 0.4) for c, n in zip(colour, NIGHT, strict=True))
        return (red, green, blue)

    def jpeg(self) -> bytes:
        """The drawing reduced to 1200×900 as JPEG without metadata."""
        out = io.BytesIO()
        self.image.reduce(ZOOM).save(out, "JPEG", quality=78, optimize=True)
        return out.getvalue()


def sky(c: Canvas) -> None:
    """A sky that fades to the horizon, the Andes and the sun or moon."""
    top, low = ((34, 40, 78), (120, 96, 120)) if c.night else ((120, 180, 226), (222, 236, 240))
    for band in range(26):
        share = band / 25
        colour = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        c.draw.rectangle([0, band * 20 * ZOOM, WIDTH * ZOOM, (band + 1) * 20 * ZOOM], fill=colour)
    hills = [(0.0, 430.0)] + [(x, 300 + c.random.randint(-60, 60)) for x in range(60, 1200, 120)]
    c.polygon([*hills, (1200, 420), (1200, 560), (0, 560)], (150, 160, 186))
    snow = [(x, y) for x, y in hills[1:] if y < 300]
    for x, y in snow:
        c.polygon([(x, y), (x - 34, y + 34), (x, y + 22), (x + 34, y + 34)], (244, 246, 250))


def houses(c: Canvas) -> None:
    """A row of low houses with roofs, doors and windows."""
    x = -40.0
    while x < WIDTH:
        width, wall = c.random.randint(180, 250), c.random.choice(WALLS)
        c.box(x, 420, width - 8, 150, wall)
        roof = c.random.choice(ROOFS)
        c.polygon([(x - 12, 424), (x + width / 2, 352), (x + width + 4, 424)], roof)
        c.box(x + 24, 460, 50, 48, (250, 226, 140) if c.night else (150, 190, 210))
        c.box(x + width - 84, 468, 44, 102, (120, 82, 60))
        x += width


def street(c: Canvas, *, road: Colour = ASPHALT) -> None:
    """Sky, houses, the vereda and the calzada in perspective."""
    sky(c)
    houses(c)
    c.box(0, 560, WIDTH, 60, GRASS)
    c.box(0, 606, WIDTH, 54, CEMENT)
    for x in range(0, WIDTH, 110):
        c.line([(x, 606), (x - 20, 660)], 2, (160, 156, 150))
    c.box(0, 660, WIDTH, 10, (150, 148, 144))
    c.box(0, 670, WIDTH, 230, road)
    for x in range(40, WIDTH, 260):
        c.polygon([(x, 786), (x + 120, 786), (x + 112, 798), (x - 10, 798)], (222, 220, 206))


def square(c: Canvas, ground: Colour) -> None:
    """A plaza with trees, benches and a path."""
    sky(c)
    houses(c)
    c.box(0, 556, WIDTH, 344, ground)
    c.polygon([(480, 556), (580, 556), (860, 900), (330, 900)], CEMENT)
    for x in (90, 300, 930, 1120):
        tree(c, x, 640, green=ground == GRASS)


def tree(c: Canvas, x: float, base: float, *, green: bool = True, size: float = 1.0) -> None:
    """A tree; a dry one shows its branches."""
    c.box(x - 9 * size, base - 150 * size, 18 * size, 150 * size, (112, 84, 60))
    if not green:
        for dx in (-60, -26, 30, 64):
            c.line([(x, base - 110 * size), (x + dx * size, base - 220 * size)], 6, (124, 98, 72))
        return
    for dx, dy in ((-40, 170), (38, 176), (0, 220), (-10, 150)):
        c.disc(x + dx * size, base - dy * size, 62 * size, 50 * size, (76, 128 + dy % 24, 64))


def lamp(c: Canvas, mended: bool) -> None:
    """A lamp post at dusk, dark or shining."""
    street(c)
    if mended:
        glow(c, 690, 250)
    c.box(600, 220, 14, 450, (82, 84, 92))
    c.line([(606, 228), (640, 204), (694, 214)], 9, (82, 84, 92))
    c.polygon([(664, 212), (722, 212), (712, 236), (674, 236)], (70, 72, 80))
    c.box(678, 236, 30, 9, (255, 236, 160) if mended else (58, 60, 66))


def glow(c: Canvas, x: float, y: float) -> None:
    """A cone of warm light below a lamp."""
    veil = Image.new("L", c.image.size, 0)
    cone = [(x, y), (x + 250, 720), (x - 250, 720)]
    ImageDraw.Draw(veil).polygon([(px * ZOOM, py * ZOOM) for px, py in cone], fill=120)
    small = veil.reduce(8).filter(ImageFilter.GaussianBlur(7)).resize(veil.size)
    c.image.paste((255, 222, 140), mask=small)
    c.draw = ImageDraw.Draw(c.image)


def cables(c: Canvas, mended: bool) -> None:
    """Posts with a tangle of cables, or two tidy ones."""
    street(c)
    for x in (200, 960):
        c.box(x, 170, 20, 500, (132, 112, 92))
        c.box(x - 60, 200, 140, 12, (110, 92, 76))
    for number in range(2 if mended else 13):
        sag = 40 + number * (14 if mended else c.random.randint(16, 30))
        points = [(210 + step * 76, 206 + sag * (1 - ((step - 5) / 5) ** 2)) for step in range(11)]
        c.line(points, 4, (40, 42, 48))
    if not mended:
        for dx in (0, 26, 52):
            c.line([(600 + dx, 420), (590 + dx * 1.4, 560 + dx), (620 + dx, 640)], 5, (30, 32, 36))


def pothole(c: Canvas, mended: bool) -> None:
    """A hole full of water in the calzada, or its patch."""
    street(c)
    if mended:
        c.polygon([(420, 730), (800, 722), (836, 836), (396, 846)], (70, 72, 76))
        return
    rim = [
        (430 + c.random.randint(0, 20), 770),
        (520, 728),
        (680, 722),
        (800, 764),
        (760, 840),
        (560, 858),
        (450, 826),
    ]
    c.polygon(rim, (78, 72, 66))
    c.disc(620, 796, 140, 42, (122, 132, 132))
    c.disc(590, 786, 60, 14, (168, 184, 190))
    for dx in (-1, 1):
        c.line([(620 + dx * 180, 790), (620 + dx * 270, 770), (620 + dx * 330, 806)], 4, (66, 64, 62))


def sidewalk(c: Canvas, mended: bool) -> None:
    """Lifted slabs by a root, or even ones with a ramp."""
    sky(c)
    houses(c)
    c.box(0, 560, WIDTH, 40, GRASS)
    c.box(0, 600, WIDTH, 220, CEMENT)
    for x in range(0, WIDTH, 150):
        c.line([(x, 600), (x - 60, 820)], 4, (150, 146, 140))
    c.box(0, 820, WIDTH, 80, ASPHALT)
    tree(c, 320, 660)
    if mended:
        c.polygon([(560, 700), (820, 700), (860, 824), (520, 824)], (232, 196, 84))
        return
    for x, y, lift in ((420, 650, 60), (560, 690, 84), (720, 650, 46)):
        c.polygon([(x, y), (x + 120, y - lift), (x + 130, y - lift + 60), (x - 16, y + 76)], (168, 162, 152))
        c.polygon(
            [(x - 16, y + 76), (x + 130, y - lift + 60), (x + 128, y - lift + 84), (x - 10, y + 92)],
            (96, 84, 70),
        )
    c.line([(320, 660), (470, 690), (640, 730), (800, 700)], 12, (112, 84, 60))


def manhole(c: Canvas, mended: bool) -> None:
    """An open chamber with a tyre as a warning, or its cover."""
    street(c)
    c.disc(620, 790, 120, 48, (130, 130, 132))
    c.disc(620, 790, 100, 38, (90, 92, 96) if mended else (16, 16, 20))
    if mended:
        for dx in (-60, -20, 20, 60):
            c.line([(620 + dx, 766), (620 + dx, 814)], 5, (66, 68, 72))
        return
    c.disc(740, 720, 66, 62, (30, 30, 34))
    c.disc(740, 720, 32, 30, ASPHALT)


def crossing(c: Canvas, mended: bool) -> None:
    """A zebra crossing worn away, or freshly painted with its sign."""
    street(c)
    paint = (246, 246, 240) if mended else (128, 129, 130)
    for number in range(7):
        x = 300 + number * 92
        width = 54 if mended else c.random.randint(18, 50)
        c.polygon([(x, 676), (x + width, 676), (x + width - 30, 896), (x - 34, 896)], paint)
    if mended:
        c.box(236, 380, 10, 290, (120, 122, 126))
        c.polygon([(241, 300), (310, 370), (241, 440), (172, 370)], (250, 210, 60))
        c.disc(241, 350, 12, 12, (30, 30, 30))
        c.line([(241, 362), (241, 392), (226, 414)], 8, (30, 30, 30))
        c.line([(241, 392), (258, 414)], 8, (30, 30, 30))


def car(c: Canvas, mended: bool) -> None:
    """A car left without wheels, or the free kerb."""
    street(c)
    if mended:
        c.box(300, 640, 600, 8, (240, 220, 90))
        return
    body = c.random.choice([(150, 78, 60), (92, 118, 132), (140, 136, 92)])
    c.polygon([(330, 640), (420, 560), (700, 556), (800, 632), (900, 646), (910, 720), (310, 724)], body)
    c.polygon([(430, 634), (470, 576), (560, 574), (560, 634)], (60, 66, 72))
    c.polygon([(580, 634), (580, 574), (688, 572), (752, 634)], (60, 66, 72))
    for x in (420, 800):
        c.box(x - 42, 716, 84, 22, (120, 96, 78))
    for _ in range(14):
        c.disc(360 + c.random.randint(0, 500), 600 + c.random.randint(0, 110), 12, 8, (126, 66, 40))


def stop(c: Canvas, mended: bool) -> None:
    """A bus stop without roof or seat, or complete."""
    street(c)
    for x in (420, 780):
        c.box(x, 380, 14, 286, (84, 96, 108))
    c.box(430, 470, 350, 150, (176, 204, 214) if mended else (150, 150, 146))
    if mended:
        c.polygon([(380, 360), (830, 360), (806, 392), (400, 392)], (40, 110, 130))
        c.box(470, 588, 270, 14, (196, 130, 60))
        return
    c.polygon([(560, 470), (640, 470), (600, 560)], (205, 205, 190))
    c.line([(420, 384), (520, 420)], 10, (84, 96, 108))


def rubbish(c: Canvas, mended: bool) -> None:
    """A heap of bags and a mattress, or planters in its place."""
    street(c)
    if mended:
        for x in (380, 560, 740):
            c.polygon([(x, 600), (x + 120, 600), (x + 104, 668), (x + 16, 668)], (170, 96, 66))
            for dx in (24, 60, 96):
                c.disc(x + dx, 584, 26, 28, (82, 144, 70))
                c.disc(x + dx, 566, 9, 9, (228, 96, 120))
        return
    c.polygon([(690, 540), (900, 520), (930, 650), (720, 676)], (222, 214, 196))
    for _ in range(34):
        x = c.random.randint(360, 760)
        y = 670 - c.random.randint(0, max(10, 130 - abs(x - 560) // 2))
        shade = c.random.choice([(44, 46, 52), (60, 76, 60), (196, 190, 180), (70, 90, 130)])
        c.disc(x, y, c.random.randint(26, 44), c.random.randint(20, 34), shade)


def plaza(c: Canvas, mended: bool) -> None:
    """A dry plaza, or a watered one with its bench."""
    square(c, GRASS if mended else DRY)
    if not mended:
        for _ in range(26):
            x, y = c.random.randint(20, 1180), c.random.randint(680, 880)
            c.line([(x, y), (x + 30, y + 8), (x + 60, y - 4)], 3, (168, 140, 88))
    c.box(190, 730, 220, 16, (140, 92, 60))
    if mended:
        c.box(190, 690, 220, 14, (140, 92, 60))
    for x in (210, 380):
        c.box(x, 690 if mended else 730, 12, 80, (80, 82, 86))


def swings(c: Canvas, mended: bool) -> None:
    """A swing with a cut chain, or two good ones."""
    square(c, GRASS if mended else DRY)
    frame = (60, 130, 170) if mended else (130, 110, 96)
    for x in (430, 800):
        c.line([(x, 440), (x - 46, 780)], 14, frame)
        c.line([(x, 440), (x + 46, 780)], 14, frame)
    c.line([(424, 442), (806, 442)], 14, frame)
    c.line([(520, 446), (520, 680)], 4, (70, 70, 76))
    c.line([(570, 446), (570, 680 if mended else 580)], 4, (70, 70, 76))
    seat = [(510, 676), (580, 676), (580, 690), (510, 690)]
    c.polygon(seat if mended else [(512, 676), (526, 674), (540, 742), (528, 746)], (200, 70, 60))
    if mended:
        c.line([(660, 446), (660, 680)], 4, (70, 70, 76))
        c.line([(710, 446), (710, 680)], 4, (70, 70, 76))
        c.box(650, 676, 70, 14, (200, 70, 60))


def branch(c: Canvas, mended: bool) -> None:
    """A broken branch over the vereda, or the pruned tree."""
    street(c)
    tree(c, 560, 668, size=1.9)
    if not mended:
        c.line([(560, 430), (700, 470), (830, 600)], 20, (112, 84, 60))
        for dx in (0, 50, 90):
            c.disc(740 + dx, 530 + dx, 58, 40, (92, 134, 64))
        c.line([(0, 330), (1200, 350)], 5, (40, 42, 48))


def leak(c: Canvas, mended: bool) -> None:
    """Water that comes out of the vereda, or the dry street."""
    street(c)
    if mended:
        c.polygon([(520, 612), (690, 612), (680, 656), (508, 656)], (206, 203, 196))
        return
    c.polygon([(590, 630), (650, 630), (760, 700), (1200, 760), (1200, 830), (560, 770)], WATER)
    c.disc(620, 636, 60, 18, (150, 196, 224))
    for dx in (-26, 0, 26):
        c.line([(620, 632), (620 + dx, 560), (620 + dx * 2, 610)], 7, (150, 196, 224))


def flood(c: Canvas, mended: bool) -> None:
    """A corner under water after the rain, or draining well."""
    street(c)
    if mended:
        c.box(540, 664, 150, 26, (50, 52, 56))
        for x in range(550, 690, 20):
            c.box(x, 666, 8, 22, (110, 112, 116))
        return
    c.polygon([(0, 650), (1200, 640), (1200, 900), (0, 900)], (128, 140, 140))
    for _ in range(18):
        x, y = c.random.randint(0, 1100), c.random.randint(670, 890)
        c.line([(x, y), (x + 90, y)], 4, (170, 184, 188))
    c.box(540, 664, 60, 16, (112, 82, 52))


def hall(c: Canvas, mended: bool) -> None:
    """A neighbourhood hall that leaks, or mended and painted."""
    sky(c)
    c.box(0, 556, WIDTH, 344, GRASS if mended else DRY)
    c.box(260, 380, 680, 290, (240, 214, 150) if mended else (176, 168, 156))
    c.polygon([(220, 386), (600, 260), (980, 386)], (60, 110, 130) if mended else (120, 104, 94))
    c.box(560, 500, 90, 170, (130, 76, 52))
    for x in (330, 780):
        c.box(x, 460, 110, 90, (170, 206, 220) if mended else (60, 62, 66))
    if not mended:
        c.polygon([(700, 296), (790, 326), (750, 350), (690, 330)], (40, 40, 44))
        c.line([(300, 400), (340, 470), (320, 560), (360, 660)], 5, (96, 88, 80))


def lot(c: Canvas, mended: bool) -> None:
    """A vacant lot open to the street, or fenced."""
    sky(c)
    houses(c)
    c.box(0, 560, WIDTH, 340, DRY)
    for _ in range(120):
        x, y = c.random.randint(0, 1200), c.random.randint(570, 780)
        c.line([(x, y), (x + c.random.randint(-10, 10), y - 34)], 3, (150, 146, 82))
    c.box(0, 800, WIDTH, 100, CEMENT)
    if mended:
        for x in range(0, WIDTH, 60):
            c.box(x, 600, 52, 210, (196, 200, 204))
        return
    for _ in range(12):
        c.disc(c.random.randint(200, 900), c.random.randint(690, 780), 34, 24, (52, 54, 60))


SCENES: dict[str, Callable[[Canvas, bool], None]] = {
    scene.__name__: scene
    for scene in (
        lamp, cables, pothole, sidewalk, manhole, crossing, car, stop, rubbish,
        plaza, swings, branch, leak, flood, hall, lot,
    )
}  # fmt: skip
AFTER_DARK = frozenset({"lamp"})


@cache
def photo(scene: str, *, mended: bool, variant: int) -> bytes:
    """A JPEG of 1200×900, at most 80 kB; the same arguments give the same bytes."""
    canvas = Canvas(variant, night=scene in AFTER_DARK)
    SCENES[scene](canvas, mended)
    return canvas.jpeg()
