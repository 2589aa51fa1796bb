import { PhaselineError } from '../../base/errors.ts';
import { parseSize } from '../../base/sizes.ts';
import { formatDevice, parseDevice } from '../../layout/device.ts';
import { type DeviceFacts, type KnownDevices, SECTOR_BYTES } from '../../layout/usable-area.ts';

/**
 * What `--device-size mmc1=8G` and `--erase-size mmc1=512K` say, several joined by commas.
 * Errors: usage/arguments.
 */
export function deviceFacts(sizes: readonly string[], eraseSizes: readonly string[]): KnownDevices {
  const known = new Map<string, DeviceFacts>();
  const add = (flag: string, text: string, key: 'sizeBytes' | 'eraseBytes') => {
    for (const setting of text.split(',')) {
      const { device, bytes } = parseSetting(flag, setting);
      known.set(device, { ...known.get(device), [key]: bytes });
    }
  };
  for (const text of sizes) add('--device-size', text, 'sizeBytes');
  for (const text of eraseSizes) add('--erase-size', text, 'eraseBytes');
  return known;
}

function parseSetting(flag: string, setting: string): { readonly device: string; readonly bytes: number } {
  const [name = '', size = '', ...rest] = setting.split('=');
  const device = parseDevice(name);
  const bytes = parseSize(size);
  if (rest.length > 0 || !device || device.kind === 'none' || !bytes) {
    throw new PhaselineError('usage/arguments', `${flag} ${setting} is not DEVICE=SIZE, like mmc1=8G`);
  }
  if (bytes % SECTOR_BYTES !== 0) {
    throw new PhaselineError('usage/arguments', `${flag} ${setting} is not a multiple of ${SECTOR_BYTES} bytes`);
  }
  return { device: formatDevice(device), bytes };
}
