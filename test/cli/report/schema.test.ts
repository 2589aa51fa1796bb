import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { FILES, type Job, recorded } from './job.ts';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** The published schema allows what later versions add; here every field has to be described in it. */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]));
  return (node as SchemaNode).properties === undefined ? copy : { ...copy, additionalProperties: false };
}

const published = JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object;
const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/ } });
const validate = ajv.compile(strict(published) as object);

const without = (name: keyof typeof FILES) => Object.fromEntries(Object.entries(FILES).filter(([key]) => key !== name));

const JOBS: readonly (readonly [what: string, job: Job, code: string])[] = [
  ['a job that goes well', {}, 'ok'],
  ['a job without a layout', { files: without('layout.tsv') }, 'layout/unreadable'],
  ['a layout with errors', { files: { ...FILES, 'layout.tsv': 'nonsense\n' } }, 'layout/errors'],
  ['a missing file', { files: without('data.img') }, 'files/errors'],
  ['a device that is none', { args: ['--device', 'nope'] }, 'usage/arguments'],
  ['no board', { args: ['--device', 'serial:0'] }, 'board/none'],
  ['a cable that is pulled', { sim: ',fault=unplug at phase 0x10 byte 100000' }, 'usb/gone'],
  ['a board that does not come back', { sim: ',fault=never-returns after fip' }, 'board/lost'],
  ['a medium that is not there', { sim: ',fault=absent mmc0' }, 'board/layout-refused'],
  ['a job that reads back', { args: ['--verify', 'readback'] }, 'ok'],
  [
    'a card that keeps something else',
    { sim: ',fault=flip mmc0 byte 1066000 bit 3', args: ['--verify', 'readback'] },
    'verify/difference',
  ],
  ['another serial number on the way', { sim: ',fault=serial 0123456789ABCDEF01234567 after fip' }, 'ok'],
];

describe('docs/report.schema.json describes the report of', () => {
  test.each(JOBS)('%s', async (_what, job, code) => {
    const report = (await recorded(job)).report();
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.code).toBe(code);
  });

  test('nothing else', () => {
    expect(validate({})).toBe(false);
    expect(validate({ schema: 'phaseline/report', version: 2 })).toBe(false);
  });
});
