import { EXIT } from '../../base/error-codes.ts';
import { isPhaselineError } from '../../base/errors.ts';
import { jsonText, printable } from '../../base/printable.ts';
import { describe } from '../../source/describe.ts';
import { defineCommand } from '../command.ts';
import { failureText } from '../failure.ts';
import { inspectText } from '../inspect-text.ts';

export const inspectCommand = defineCommand({
  usage: 'inspect <file..>',
  summary: 'Say what an image file is, with its headers',
  example: ['$0 inspect tf-a.stm32 fip.bin', 'headers, checksum verdict, contents of the FIP'],
  build: (yargs) =>
    yargs.positional('file', { type: 'string', array: true, demandOption: true, describe: 'Files to look into' }),
  run: async ({ file: files, json, quiet }, { io }) => {
    const notice = quiet ? undefined : (text: string) => io.stderr.write(`${printable(text)}\n`);
    let exitCode: number = EXIT.ok;
    const inspected: unknown[] = [];
    for (const path of files) {
      try {
        const looks = { checksum: true, ubootVersion: true, usbLoader: true };
        const facts = await describe(path, { ...looks, expand: { notice } });
        inspected.push(facts);
        if (!json) io.stdout.write(`${inspectText(facts).join('\n')}\n`);
      } catch (error) {
        if (!isPhaselineError(error)) throw error;
        exitCode = error.exitCode;
        inspected.push({ path, error: { code: error.code, message: error.message } });
        io.stderr.write(failureText(error));
      }
    }
    if (json) io.stdout.write(`${jsonText({ files: inspected })}\n`);
    return exitCode;
  },
});
