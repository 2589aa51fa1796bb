/**
 * The lines of a trace without times, addresses and what only some ways can tell; how often the host
 * looked whether the board had left is a matter of time, too.
 */
export function timeless(lines: readonly string[]): readonly object[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ setup }) => !(setup?.[0] === 0x80 && setup[1] === 0))
    .map(
      ({ bus: _bus, date: _date, key: _key, speed: _speed, atMs: _at, startMs: _start, endMs: _end, ...rest }) => rest,
    );
}
