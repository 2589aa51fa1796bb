import { GADGETS, type Gadget } from './gadgets.ts';

/**
 * Below 73: systemd's 73-seat-late.rules looks at the uaccess tag, and what is tagged later has no effect.
 */
export const RULES_PATH = '/etc/udev/rules.d/70-phaseline.rules';

/** Where udevd listens, that of systemd and eudev alike. */
export const UDEVD_CONTROL = '/run/udev/control';

/** What makes udev read the rules anew and apply them to the boards that are plugged in. */
export const APPLY_RULES = [
  ['control', '--reload'],
  ['trigger', '--subsystem-match=usb', '--attr-match=idVendor=0483'],
] as const;

/** What udev takes for a group, and nothing that could end the quotes around it. */
const GROUP_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

export function isGroupName(text: string): boolean {
  return GROUP_NAME.test(text);
}

/**
 * The rules, as a file that explains itself. `uaccess` opens the boards to whoever sits at the machine;
 * `group` opens them to a group as well, for ssh sessions and CI, which sit nowhere.
 */
export function udevRules(group?: string): string {
  const apply = APPLY_RULES.map((args) => `udevadm ${args.join(' ')}`);
  const how = [
    'phaseline: STM32MP boards on USB, for users who are not root.',
    `To install: phaseline udev --install, as root. Or save this as ${RULES_PATH}, and`,
    ...apply.map((line) => `  ${line}`),
    'The boards are opened to whoever sits at the machine (uaccess: the number of this file stays below 73).',
    group === undefined
      ? 'For ssh and CI name a group as well: phaseline udev --group plugdev'
      : `They are opened to the group ${group} as well.`,
  ];
  const rules = GADGETS.flatMap((gadget) => ['', `# ${gadget.about}`, ruleFor(gadget, group)]);
  const lines = [...how.map((line) => `# ${line}`), '', 'ACTION=="remove", GOTO="phaseline_end"', ...rules];
  return `${[...lines, '', 'LABEL="phaseline_end"'].join('\n')}\n`;
}

function ruleFor({ vendorId, productId, reached }: Gadget, group: string | undefined): string {
  const matches =
    reached === 'usb'
      ? ['SUBSYSTEM=="usb"', 'ENV{DEVTYPE}=="usb_device"', `ATTR{idVendor}=="${vendorId}"`]
      : ['SUBSYSTEM=="block"', `ATTRS{idVendor}=="${vendorId}"`];
  const product = reached === 'usb' ? `ATTR{idProduct}=="${productId}"` : `ATTRS{idProduct}=="${productId}"`;
  const rights = ['MODE="0660"', ...(group === undefined ? [] : [`GROUP="${group}"`]), 'TAG+="uaccess"'];
  const leaveAlone = reached === 'usb' ? ['ENV{ID_MM_DEVICE_IGNORE}="1"'] : []; // ModemManager probes nothing then
  return [...matches, product, ...rights, ...leaveAlone].join(', ');
}
