import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { decide, type Situation } from '../../src/flash/decide.ts';
import { NOTHING_DONE } from '../../src/flash/history.ts';
import { decodePhaseReply, type PhaseReply } from '../../src/stm32/phases.ts';

const reply = (hex: string): PhaseReply => decodePhaseReply(fromHex(hex));
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');

const start: Situation = {
  stage: 'uboot',
  takesLayout: false,
  reply: 'silent',
  alternatesFit: true,
  romNeedsDetach: false,
  history: NOTHING_DONE,
  storagePhases: [0x04, 0x10],
  filePhases: new Set([1, 2, 3, 4, 0x10]),
};
const ours = { layoutSentTo: new Set(['uboot'] as const), layoutApplied: true };

function having(sent: readonly number[], more: Partial<Situation['history']> = {}): Situation['history'] {
  return { ...start.history, sent, ...more };
}

/** Replies as protocol.md §13 and golden/FINDINGS §1 give them. */
const LAYOUT_WANTED = '00 000000C2 00000000 00';
const LAYOUT_READ = '00 000000C2 00000000 01';
const END = 'FE FFFFFFFF 00000000';

describe('in the ROM', () => {
  const rom = { ...start, stage: 'rom' as const };
  test.each<[string, Partial<Situation>, object]>([
    ['sends the FSBL first, whatever its GetPhase says', {}, { kind: 'send', id: 1 }],
    ['sends the FSBL when it asks for phase 1', { reply: reply('01 FFFFFFFF 00000000') }, { kind: 'send', id: 1 }],
    [
      'has nothing to send to it when the layout has no FSBL (--no-check)',
      { filePhases: new Set([3, 0x10]) },
      {
        kind: 'fail',
        code: 'board/unexpected-phase',
        message: 'the ROM takes phase 0x01, and the layout has no file for it',
      },
    ],
    ['waits for TF-A in the same session on MP15', { history: having([1]) }, { kind: 'await-take-over' }],
    [
      'detaches on families that need it',
      { history: having([1]), romNeedsDetach: true },
      { kind: 'detach', next: 'rom-tfa' },
    ],
    [
      'detaches when the ROM says so',
      { history: having([1]), reply: reply('00 FFFFFFFF 00000000 01') },
      { kind: 'detach', next: 'rom-tfa' },
    ],
  ])('%s', (_name, change, action) => expect(decide({ ...rom, ...change })).toEqual(action));
});

describe('in TF-A', () => {
  const tfa = { ...start, stage: 'tfa' as const, history: having([1]) };
  test.each<[string, Partial<Situation>, object]>([
    ['sends the FIP it asks for', { reply: reply('03 000000C7 00000000') }, { kind: 'send', id: 3 }],
    [
      'sends the SSBL to a TF-A that begins in SYSRAM',
      { reply: reply('03 404CFE2F 00000000') },
      { kind: 'send', id: 3 },
    ],
    ['sends the DDR firmware it asks for', { reply: reply('02 0000E00E 00000000') }, { kind: 'send', id: 2 }],
    [
      'sends the FlashLayout with header to a TF-A that wants it first',
      { reply: reply('00 000000C2 00000000') },
      { kind: 'send-layout', header: true },
    ],
    [
      'detaches to U-Boot when all is loaded',
      { reply: reply('00 FFFFFFFF 00000000 01'), history: having([1, 3]) },
      { kind: 'detach', next: 'tfa-uboot' },
    ],
    [
      'detaches to the second session after the DDR firmware',
      { reply: reply('00 FFFFFFFF 00000000 01'), history: having([1, 2]) },
      { kind: 'detach', next: 'tfa-tfa' },
    ],
    [
      'waits for U-Boot behind a TF-A that an earlier job has loaded',
      { reply: reply('00 FFFFFFFF 00000000 01'), history: having([]) },
      { kind: 'detach', next: 'tfa-uboot' },
    ],
    [
      'shows its own words on an error',
      { reply: reply(`FF FFFFFFFF 00000000 ${ascii('FIP Header check failed for phase 0')}`) },
      { kind: 'fail', code: 'board/error', message: 'FIP Header check failed for phase 0' },
    ],
  ])('%s', (_name, change, action) => expect(decide({ ...tfa, ...change })).toEqual(action));

  test.each<[string, Partial<Situation>, string]>([
    ['a phase without a file', { reply: reply('05 FFFFFFFF 00000000') }, 'board/unexpected-phase'],
    [
      'a phase that was sent already',
      { reply: reply('03 000000C7 00000000'), history: having([1, 3]) },
      'board/unexpected-phase',
    ],
    ['an image that somebody else began to load', { reply: reply('03 000408C7 00000000') }, 'board/foreign-session'],
    [
      'the layout a second time',
      { reply: reply('00 000000C2 00000000'), history: having([1], { layoutSentTo: new Set(['tfa']) }) },
      'board/unexpected-phase',
    ],
    ['silence', { reply: 'silent' }, 'dfu/protocol'],
  ])('fails on %s', (_name, change, code) =>
    expect(decide({ ...tfa, ...change })).toMatchObject({ kind: 'fail', code }),
  );
});

describe('in U-Boot’s first enumeration', () => {
  const first = { ...start, takesLayout: true };
  test.each<[string, Partial<Situation>, object]>([
    ['sends the layout', { reply: reply(LAYOUT_WANTED) }, { kind: 'send-layout', header: false }],
    ['sends its own layout over a foreign one', { reply: reply(LAYOUT_READ) }, { kind: 'send-layout', header: false }],
    [
      'detaches once the layout is read',
      { reply: reply(LAYOUT_READ), history: having([], { layoutSentTo: new Set(['uboot']) }) },
      { kind: 'detach', next: 'layout' },
    ],
    [
      'reports a parse error without hoping for a reset',
      {
        reply: reply(`FF FFFFFFFF 00000000 ${ascii("Layout line 2: invalid offset 'abc'")}`),
        history: having([], { layoutSentTo: new Set(['uboot']) }),
      },
      { kind: 'fail', code: 'board/layout-refused', message: "Layout line 2: invalid offset 'abc'" },
    ],
    [
      'leaves it alone where it refused the text of an earlier layout: its DETACH does not reset',
      { reply: reply(`FF FFFFFFFF 00000000 ${ascii('Layout: no partition found')}`) },
      {
        kind: 'fail',
        code: 'board/foreign-session',
        message: 'U-Boot has refused an earlier layout, and takes no other one: Layout: no partition found',
      },
    ],
    [
      'resets it when it starts with an error of a layout that a warm reset left in its memory',
      {
        reply: reply(`FF FFFFFFFF 00000000 ${ascii('Layout: invalid checksum : 0x1 expected 0x2')}`),
        history: having([1, 3]),
      },
      { kind: 'reset', reason: 'U-Boot reports an earlier error: Layout: invalid checksum : 0x1 expected 0x2' },
    ],
    [
      'reports what the second enumeration could not do,',
      { reply: reply(`FF FFFFFFFF 00000000 ${ascii('mmc device 1 not found')}`), history: having([], ours) },
      { kind: 'fail', code: 'board/layout-refused', message: 'mmc device 1 not found' },
    ],
  ])('%s', (_name, change, action) => expect(decide({ ...first, ...change })).toEqual(action));

  test.each<[string, Partial<Situation>]>([
    [
      'a layout that was taken and not read',
      { reply: reply(LAYOUT_WANTED), history: having([], { layoutSentTo: new Set(['uboot']) }) },
    ],
    [
      'the FlashLayout alternate again after the layout was applied',
      { reply: reply(LAYOUT_WANTED), history: having([], ours) },
    ],
  ])('fails on %s', (_name, change) =>
    expect(decide({ ...first, ...change })).toMatchObject({ kind: 'fail', code: 'board/layout-refused' }),
  );
});

describe('in U-Boot’s second enumeration', () => {
  test.each<[string, Partial<Situation>, object]>([
    ['sends the first phase', { reply: reply('04 FFFFFFFF 00000000') }, { kind: 'send', id: 4 }],
    [
      'sends the next one',
      { reply: reply('10 FFFFFFFF 00000000'), history: having([4], ours) },
      { kind: 'send', id: 0x10 },
    ],
    [
      'ends when the board says 0xFE and all is sent',
      { reply: reply(END), history: having([4, 0x10], ours) },
      { kind: 'finish' },
    ],
    [
      'goes back to offset 0 when the image before ended in ranges of its own',
      { reply: reply('10 FFFFFFFF 00100000'), history: having([4], { ...ours, offset: 0x1000 }) },
      { kind: 'rewind', id: 0x10 },
    ],
    [
      'does so in a session that it has joined as well',
      { reply: reply('10 FFFFFFFF 00100000'), history: having([4], { offset: 0x1000 }) },
      { kind: 'rewind', id: 0x10 },
    ],
    [
      'does not at the end, where an offset means nothing',
      { reply: reply('FE FFFFFFFF 00100000'), history: having([4, 0x10], { ...ours, offset: 0x1000 }) },
      { kind: 'finish' },
    ],
  ])('%s', (_name, change, action) => expect(decide({ ...start, ...change })).toEqual(action));

  test.each<[string, Partial<Situation>]>([
    [
      'another offset than it set itself',
      { reply: reply('10 FFFFFFFF 00100000'), history: having([4], { ...ours, offset: 0x2000 }) },
    ],
    ['an end before all was sent', { reply: reply(END), history: having([4], ours) }],
    ['the same phase again', { reply: reply('04 FFFFFFFF 00000000'), history: having([4], ours) }],
    ['a phase out of order', { reply: reply('10 FFFFFFFF 00000000'), history: having([], ours) }],
    ['an offset that nobody asked for', { reply: reply('04 FFFFFFFF 00100000'), history: having([], ours) }],
    [
      'alternates that are not those of our layout',
      { reply: reply('04 FFFFFFFF 00000000'), alternatesFit: false, history: having([], ours) },
    ],
  ])('fails on %s', (_name, change) =>
    expect(decide({ ...start, ...change })).toMatchObject({ kind: 'fail', code: 'board/unexpected-phase' }),
  );

  test.each<[string, Partial<Situation>]>([
    ['alternates of another layout', { reply: reply('04 FFFFFFFF 00000000'), alternatesFit: false }],
    ['a session that is already further', { reply: reply('10 FFFFFFFF 00000000') }],
    ['a session that is at its end', { reply: reply(END) }],
    ['an offset left behind', { reply: reply('04 FFFFFFFF 00100000') }],
    ['an error of an earlier session', { reply: reply(`FF FFFFFFFF 00000000 ${ascii('Wrong sequence number')}`) }],
  ])('joining, it has the board reset out of %s', (_name, change) =>
    expect(decide({ ...start, ...change })).toMatchObject({ kind: 'reset' }),
  );

  test('a layout without storage is done at once', () => {
    expect(decide({ ...start, storagePhases: [], reply: reply(END), history: having([1, 3], ours) })).toEqual({
      kind: 'finish',
    });
  });
});
