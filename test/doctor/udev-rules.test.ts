import { expect, test } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { isGroupName, RULES_PATH, udevRules } from '../../src/doctor/udev-rules.ts';
import { COMPUTER, machine, process } from './machine.ts';

const rulesIn = (text: string) => text.split('\n').filter((line) => /^\w/.test(line));

test('there is a rule for each id, and each opens to who sits at the machine', () => {
  const rules = rulesIn(udevRules());
  expect(rules.slice(1, -1)).toEqual([
    'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11", ' +
      'MODE="0660", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"',
    'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="0afb", ' +
      'MODE="0660", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"',
    'SUBSYSTEM=="block", ATTRS{idVendor}=="0483", ATTRS{idProduct}=="5720", MODE="0660", TAG+="uaccess"',
  ]);
});

test('a jump over the rules ends at a label that is there', () => {
  const rules = rulesIn(udevRules());
  const target = /GOTO="(\w+)"/.exec(rules[0] ?? '')?.[1];
  expect(rules.at(-1)).toBe(`LABEL="${target}"`);
});

test('with a group each rule names it as well', () => {
  const rules = rulesIn(udevRules('plugdev')).slice(1, -1);
  expect(rules.filter((rule) => rule.includes('GROUP="plugdev", TAG+="uaccess"'))).toHaveLength(3);
});

test.each([
  ['plugdev', true],
  ['_ci-runner2', true],
  ['', false],
  ['Plug Dev', false],
  ['x", RUN+="/bin/sh', false],
  ['plugdev\n', false],
  ['1000', false],
])('%j as a group: %s', (text, isGroup) => {
  expect(isGroupName(text)).toBe(isGroup);
});

test.each([undefined, 'plugdev'])('what is printed is what the doctor finds in order (group %s)', async (group) => {
  const tree = { ...COMPUTER, [RULES_PATH]: udevRules(group), ...process(812, 'ModemManager') };
  const examined = await examine(machine(tree));
  const found = examined.filter(({ id }) => id === 'udev-rules' || id === 'modem-manager');
  expect(found.map(({ status }) => status)).toEqual(['ok', 'ok']);
});
