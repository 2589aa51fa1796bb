/** What a line of a transcript may be, by the key that tells; keys that it must have beside it. */
const KINDS: Readonly<Record<string, (line: Fields) => boolean>> = {
  setup: ({ setup, status, out, in: reply }) =>
    isNumbers(setup, 5) && STATUSES.includes(`${status}`) && [out, reply].every((data) => !data || isData(data)),
  downloadRun: ({ downloadRun: run }) => isRun(run) && isData(run.data) && typeof run.eachStatus === 'string',
  uploadRun: ({ uploadRun: run }) => isRun(run) && Array.isArray(run.data) && run.data.every(isData),
  event: ({ event, as, ...rest }) => {
    if (event === 'end') return typeof as === 'string';
    if (event === 'landed') return typeof rest.extCsd === 'object' || typeof rest.file === 'string';
    return event === 'attach' || event === 'gone';
  },
  comment: () => true,
};
const STATUSES = ['OK', 'STALL', 'ETIMEDOUT', 'ENODEV'];
const SIZES = ['sd', 'emmc', 'emmcBoot', 'nor', 'nand'];

type Fields = Readonly<Record<string, unknown>>;

/** Throws SyntaxError naming the line when it is no line of a transcript; the first one is its head. */
export function checkLine(line: unknown, number: number): void {
  const wrong = isObject(line) ? (number === 1 ? wrongHead(line) : wrongLine(line)) : 'no object';
  if (wrong) throw new SyntaxError(`line ${number}: ${wrong}`);
}

function wrongHead({ replay, device }: Fields): string | undefined {
  if (typeof replay !== 'boolean') return 'the head does not say whether to replay';
  const isComplete = isObject(device) && SIZES.every((size) => typeof device[size] === 'string');
  return isComplete ? undefined : 'no sizes of the device';
}

function wrongLine(line: Fields): string | undefined {
  const kind = Object.keys(KINDS).find((key) => key in line);
  if (!kind) return `none of ${Object.keys(KINDS).join(', ')}`;
  return KINDS[kind]?.(line) ? undefined : `no ${kind} as it should be: ${JSON.stringify(line).slice(0, 120)}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every((item) => Number.isInteger(item));
}

function isRun(value: unknown): value is Fields {
  return isObject(value) && isNumbers([value.firstBlock, value.blocks, value.blockBytes], 3);
}

function isData(value: unknown): boolean {
  if (!isObject(value) || !Number.isInteger(value.len)) return false;
  const { len, hex, pattern } = value;
  if (typeof hex === 'string') return hex.length === 2 * Number(len);
  return typeof value.fill === 'string' || typeof value.sha256 === 'string' || isObject(pattern);
}
