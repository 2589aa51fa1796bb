import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Clock } from '../../base/clock.ts';
import { EXIT } from '../../base/error-codes.ts';
import { PhaselineError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { DEFAULT_SERIAL, SimulatedBoard } from '../../simulator/board.ts';
import { parseFault } from '../../simulator/faults/parse.ts';
import type { BoardSettings } from '../../simulator/hardware.ts';
import { BOARD_PROFILES, type BoardProfile, boardProfile } from '../../simulator/profiles.ts';
import { serveBoards } from '../../simulator/server.ts';
import { REAL_SPEED } from '../../simulator/settings.ts';
import { fileStorage } from '../../simulator/storage/files.ts';
import { addressText, isLoopback, parseAddress } from '../address.ts';
import { defineCommand } from '../command.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { powerOn } from '../power-on.ts';
import { reasonOf } from '../reason.ts';
import { spokenLog } from '../spoken-log.ts';
import { resizeStorage } from '../storage-sizes.ts';

const MEDIA = ['mmc0', 'mmc1', 'nor0', 'nor1', 'nand0', 'spi-nand0'] as const;

/** One line of help for all of them. */
function mediumHelp(name: (typeof MEDIA)[number]) {
  const [first, ...others] = MEDIA;
  return name === first
    ? { describe: `Size: 64M, 4G; likewise ${others.map((other) => `--${other}`).join(' ')}` }
    : { hidden: true };
}

function build(yargs: Argv<CommonOptions>) {
  const sized = yargs
    .positional('board', {
      type: 'string',
      default: 'stm32mp157c-dk2',
      describe: BOARD_PROFILES.map(({ name }) => name).join(', '),
    })
    .option('listen', {
      type: 'string',
      default: '127.0.0.1:3240',
      requiresArg: true,
      describe: 'HOST:PORT; port 0 takes a free one',
    })
    .option('storage', { type: 'string', requiresArg: true, describe: 'Keep the media as files in this folder' })
    .option('boards', { type: 'number', default: 1, describe: 'How many; media then under DIR/<serial>/' })
    .option('fault', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'What goes wrong, see docs/simulator.md',
    })
    .option('tfa', {
      choices: ['fip', 'legacy'] as const,
      default: 'fip' as const,
      describe: 'legacy: the layout first, then u-boot.stm32',
    })
    .option('uboot-finds-layout', {
      type: 'boolean',
      describe: 'With legacy: U-Boot starts from that layout',
    })
    .option('speed', {
      choices: ['full', 'real'] as const,
      default: 'full' as const,
      describe: 'real: as slow as measured boards',
    })
    .option('boot-size', { type: 'string', requiresArg: true, describe: 'Size of each eMMC boot partition' });
  return MEDIA.reduce<typeof sized>(
    (options, name) => options.option(name, { type: 'string', requiresArg: true, ...mediumHelp(name) }) as typeof sized,
    sized,
  );
}

export const simulateCommand = defineCommand({
  usage: 'simulate [board]',
  summary: 'A simulated board on USB/IP, media as files',
  example: ['$0 simulate stm32mp157c-dk2 --storage card', 'flash it with --bus usbip://127.0.0.1:3240'],
  build,
  run: async (args, { io, log: file }) => {
    const log = spokenLog(file, io.stderr);
    const address = parseAddress(args.listen, '--listen');
    if (!isLoopback(address))
      io.stderr.write(`warning: ${args.listen} can be reached from other machines, and anybody there can flash\n`);
    const boards = makeBoards(args, io.clock, log);
    const server = await serveBoards({ boards, ...address, log });
    await powerOn(boards, io.clock);
    const toldToStop = stopped(io); // before the line that others wait for
    io.stdout.write(`listening on ${addressText(server)}\n`);
    await toldToStop;
    await server.close();
    for (const board of boards) board.close();
    return EXIT.ok;
  },
});

type Arguments = ArgumentsCamelCase<ReturnType<typeof build> extends Argv<infer T> ? T : never>;

function makeBoards(args: Arguments, clock: Clock, log: Log): SimulatedBoard[] {
  const profile = resized(boardProfile(args.board), args);
  if (!Number.isInteger(args.boards) || args.boards < 1 || args.boards > 999) {
    throw new PhaselineError('usage/arguments', `--boards ${args.boards} is not a number from 1 to 999`);
  }
  const faults = (args.fault ?? []).map(parseFault);
  const settings: Partial<BoardSettings> = {
    ...(args.speed === 'real' ? REAL_SPEED : {}),
    tfaFlavour: args.tfa,
    ubootFindsLayout: args.ubootFindsLayout ?? false,
  };
  return Array.from({ length: args.boards }, (_, index) => {
    const serial = serialNumber(index);
    const folder = args.storage && (args.boards > 1 ? join(args.storage, serial) : args.storage);
    const storage = folder === undefined ? {} : { storage: openStorage(profile, folder) };
    return new SimulatedBoard({
      profile,
      clock,
      serial,
      port: `1-${index + 1}`,
      settings,
      faults,
      log,
      ...storage,
    });
  });
}

function resized(profile: BoardProfile, args: Arguments): BoardProfile {
  const sizes = args as unknown as Readonly<Record<string, string | undefined>>;
  const wanted = MEDIA.flatMap((name) => (sizes[name] === undefined ? [] : [[name, sizes[name]] as const]));
  return { ...profile, storage: resizeStorage(profile, wanted, args.bootSize) };
}

function openStorage(profile: BoardProfile, folder: string) {
  try {
    mkdirSync(folder, { recursive: true });
    return fileStorage(profile.storage, profile.chip.otpSize, folder);
  } catch (error) {
    if (error instanceof PhaselineError) throw error;
    const reason = reasonOf(error);
    throw new PhaselineError('usage/arguments', `--storage ${folder} cannot be used: ${reason}`, {}, error);
  }
}

/** The usual serial number for the first board, its last digits counted up for the others. */
function serialNumber(index: number): string {
  const tail = Number.parseInt(DEFAULT_SERIAL.slice(-8), 16) + index;
  return DEFAULT_SERIAL.slice(0, -8) + (tail >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

function stopped(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const release = io.onStop(() => {
      release();
      resolve();
    });
  });
}
