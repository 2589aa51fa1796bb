import type { ImageFacts } from '../../image/facts.ts';
import { describe } from '../../source/describe.ts';
import type { Describer } from '../layout-files.ts';

/**
 * Looks into each file once, however many layouts name it; the whole of it is read only for the rules that
 * need that and are on.
 */
export function sharedDescriber(isOn: (ruleId: string) => boolean): Describer {
  const known = new Map<string, Promise<ImageFacts>>();
  return (path, isSsbl) => {
    const ubootVersion = isSsbl && isOn('type-needs-uboot');
    const key = `${ubootVersion ? 'version' : ''} ${path}`;
    const facts =
      known.get(key) ??
      describe(path, {
        checksum: isOn('stm32-header-checksum'),
        ubootVersion,
        usbLoader: isOn('fsbl-without-usb-loader'),
      });
    known.set(key, facts);
    return facts;
  };
}
