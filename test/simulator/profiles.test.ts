import { describe, expect, test } from 'vitest';
import { BOARD_PROFILES, boardProfile } from '../../src/simulator/profiles.ts';
import { memoryStorage } from '../../src/simulator/storage/board-storage.ts';

describe('board profiles', () => {
  test('cover every family', () => {
    const families = new Set(BOARD_PROFILES.map(({ chip }) => chip.family));
    expect([...families].sort()).toEqual(['mp13', 'mp15', 'mp21', 'mp23', 'mp25']);
  });

  test.each([
    ['stm32mp157c-dk2', ['mmc0'], [], true],
    ['stm32mp157c-ev1', ['mmc0', 'mmc1'], ['nor0', 'nand0'], true],
    ['stm32mp135f-dk', ['mmc0'], [], false],
    ['stm32mp257f-ev1', ['mmc0', 'mmc1'], ['nor1'], false],
  ])('%s has %j and %j', (name, cards, chips, pmic) => {
    const { storage, chip } = boardProfile(name);
    expect(Object.keys(storage.mmc).map((digit) => `mmc${digit}`)).toEqual(cards);
    expect(Object.keys(storage.mtd)).toEqual(chips);
    expect(chip.pmic).toBe(pmic);
  });

  test.each(BOARD_PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s: its storage can be made, and its partitions fit',
    (_, { storage, chip }) => {
      const media = memoryStorage(storage, chip.otpSize);
      for (const device of media.mtd.values()) {
        const last = device.partitions.at(-1);
        expect(last && last.offset + last.sizeBytes).toBe(device.sizeBytes);
      }
      media.close();
    },
  );

  test('name those that exist when one does not', () => {
    expect(() => boardProfile('stm32mp999')).toThrow(
      'there is no simulated board stm32mp999; there are stm32mp157c-dk2,',
    );
  });
});
