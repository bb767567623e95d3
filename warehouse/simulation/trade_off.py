"""The trade-off of a back-test as a picture: the share of units served against the stock that it took."""

from collections.abc import Sequence
from html import escape

from warehouse.simulation.backtest import Outcome

WIDTH, HEIGHT, EDGE = 720, 420, 64
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #334155 }
  .axis { stroke: #94a3b8 } .grid { stroke: #e2e8f0 }
  .curve { fill: none; stroke: #0d9488; stroke-width: 2.5 } .ours { fill: #0d9488 } .other { fill: #b45309 }
  @media (prefers-color-scheme: dark) {
    text { fill: #cbd5e1 } .grid { stroke: #334155 } .ground { fill: #0f172a }
  }
"""


def picture(*, outcomes: Sequence[Outcome], curve: Sequence[Outcome]) -> str:
    """An SVG: each of `outcomes` a named point, `curve` a line."""
    every = [*outcomes, *curve]
    most = max(x.average_value for x in every) * 1.08
    least = min(x.fill_rate for x in every)
    low = max(0.0, int(least * 20) / 20)

    def place(outcome: Outcome) -> tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * outcome.average_value / most
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (outcome.fill_rate - low) / (1 - low)
        return round(x, 1), round(y, 1)

    line = " ".join(f"{x},{y}" for x, y in map(place, sorted(curve, key=lambda o: o.average_value)))
    parts = [*_axes(most, low), f'<polyline class="curve" points="{line}"/>']
    parts += [_point(*place(one), "", "ours") for one in curve]
    parts += [_point(*place(one), one.name, "other") for one in outcomes]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="Share of units served against average stock value">\n<style>{STYLE}</style>\n'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _axes(most: float, low: float) -> list[str]:
    foot, right = HEIGHT - EDGE, WIDTH - EDGE
    parts = [
        f'<line class="axis" x1="{EDGE}" y1="{foot}" x2="{right}" y2="{foot}"/>',
        f'<line class="axis" x1="{EDGE}" y1="{foot}" x2="{EDGE}" y2="{EDGE}"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 16}" text-anchor="middle">average stock value</text>',
        f'<text x="{EDGE}" y="{EDGE - 24}">share of units served</text>',
    ]
    for step in range(6):
        share, value = low + (1 - low) * step / 5, most * step / 5
        y = foot - (HEIGHT - 2 * EDGE) * step / 5
        x = EDGE + (WIDTH - 2 * EDGE) * step / 5
        parts.append(f'<line class="grid" x1="{EDGE}" y1="{y:g}" x2="{right}" y2="{y:g}"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{y + 5:g}" text-anchor="end">{share:.0%}</text>')
        parts.append(
            f'<text x="{x:g}" y="{foot + 22}" text-anchor="middle">{value / 1000:,.0f}k</text>'
        )
    return parts


def _point(x: float, y: float, name: str, kind: str) -> str:
    label = f'<text x="{x + 9}" y="{y + 18}">{escape(name)}</text>' if name else ""
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{6 if name else 4}"/>{label}'
