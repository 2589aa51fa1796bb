import { EXIT } from '../../base/error-codes.ts';
import { jsonText, printable } from '../../base/printable.ts';
import { hexNumber } from '../../base/sizes.ts';
import { type Seen, scanBoards } from '../../flash/boards.ts';
import { defineCommand } from '../command.ts';
import { openBus } from '../open-bus.ts';
import { addBusOption } from '../options.ts';

export const listCommand = defineCommand({
  usage: 'list',
  summary: 'Boards on the bus: family, stage, serial, port',
  example: ['$0 list --bus usbip://127.0.0.1:3240', 'the boards of a simulator'],
  build: (yargs) => addBusOption(yargs),
  run: async ({ bus: busText, json }, { io, log }) => {
    const bus = await openBus(busText, io.clock, log);
    try {
      const seen = await scanBoards(bus, io.clock);
      if (json) io.stdout.write(`${jsonText({ boards: seen.map(entryOf) })}\n`);
      else if (seen.length === 0) io.stdout.write(`no STM32 board in DFU mode on ${bus.name}\n`);
      else for (const entry of seen) io.stdout.write(`${lineOf(entry)}\n`);
      return EXIT.ok;
    } finally {
      await bus.close();
    }
  },
});

function entryOf({ info, board, problem }: Seen) {
  const other = problem === undefined && (board === undefined || board.stage === 'other');
  return {
    serial: board?.serial ?? null,
    port: info.port,
    family: other ? 'other' : (board?.families.join('|') ?? null),
    deviceId: board?.deviceId === undefined ? null : hexNumber(board.deviceId, 3),
    revision: board?.revision === undefined ? null : hexNumber(board.revision, 4),
    stage: board?.stage ?? null,
    product: board?.product ?? null,
    alternates: board?.alternates.map(({ name }) => name ?? null) ?? [],
    ...(problem ? { error: { code: problem.code, message: problem.message } } : {}),
  };
}

function lineOf(seen: Seen): string {
  const { info, board, problem } = seen;
  if (problem) return `port:${printable(info.port)}  cannot be read: ${printable(problem.message)} [${problem.code}]`;
  const { family, stage } = entryOf(seen);
  if (!board || family === 'other')
    return `port:${printable(info.port)}  other device, nothing that phaseline flashes  ${printable(board?.product ?? '')}`.trimEnd();
  return `port:${printable(info.port)}  serial:${printable(board.serial ?? '?')}  ${family} in ${stage}  ${printable(board.product)}`;
}
