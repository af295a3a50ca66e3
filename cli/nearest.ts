/** Which of the names somebody may have meant; undefined where none is like it. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance);
  return best && best.distance <= Math.max(2, wanted.length / 3) ? best.name : undefined;
}

/** How many letters have to be put in, taken out or changed. */
function distanceOf(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of Array.from(one).entries()) {
    const current = [row + 1];
    for (const [at, another] of Array.from(other).entries())
      current.push(
        Math.min(
          (current[at] ?? 0) + 1,
          (before[at + 1] ?? 0) + 1,
          (before[at] ?? 0) + (letter === another ? 0 : 1),
        ),
      );
    before = current;
  }
  return before.at(-1) ?? 0;
}
