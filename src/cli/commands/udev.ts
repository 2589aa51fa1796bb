import { EXIT } from '../../base/error-codes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { installRules } from '../../doctor/install-rules.ts';
import { localSystem } from '../../doctor/local-system.ts';
import { isGroupName, RULES_PATH, udevRules } from '../../doctor/udev-rules.ts';
import { defineCommand } from '../command.ts';

export const udevCommand = defineCommand({
  usage: 'udev',
  summary: 'Print or install udev rules (Linux)',
  example: ['sudo $0 udev --install', 'write the rules, load them, apply them'],
  build: (yargs) =>
    yargs
      .option('install', { type: 'boolean', describe: `Write ${RULES_PATH} and apply it; takes root` })
      .option('group', { type: 'string', requiresArg: true, describe: 'Open boards to this group as well (ssh, CI)' }),
  run: async ({ install, group, json, quiet }, { io }) => {
    if (group !== undefined && !isGroupName(group)) {
      throw new PhaselineError('usage/arguments', `--group ${group} is no name of a group`);
    }
    if (install) {
      await installRules(io.system ?? localSystem(), group);
      if (json) io.stdout.write(`${JSON.stringify({ path: RULES_PATH, installed: true })}\n`);
      else if (!quiet)
        io.stdout.write(`${RULES_PATH} is installed, and udev applies it to boards that are plugged in\n`);
      return EXIT.ok;
    }
    const rules = udevRules(group);
    io.stdout.write(json ? `${JSON.stringify({ path: RULES_PATH, installed: false, rules })}\n` : rules);
    return EXIT.ok;
  },
});
