import type { ImageFacts } from '../../image/facts.ts';
import { describe, describeSent } from '../../source/describe.ts';
import type { Measured } from '../../source/expand.ts';
import type { Describer } from '../layout-files.ts';

/**
 * Looks into each file once, however many layouts name it; with `expands` at what phaseline would send of it. The
 * whole of it is read only for the rules that need that and are on, and to learn what it expands to.
 */
export function sharedDescriber(
  isOn: (ruleId: string) => boolean,
  { expands, notice }: { readonly expands: boolean; readonly notice?: (text: string) => void },
): Describer {
  const known = new Map<string, Promise<ImageFacts>>();
  const measured: Measured = new Map();
  return (path, isSsbl, limitBytes) => {
    const ubootVersion = isSsbl && isOn('type-needs-uboot');
    const key = `${ubootVersion ? 'version' : ''} ${expands ? limitBytes : ''} ${path}`;
    const options = {
      checksum: isOn('stm32-header-checksum'),
      ubootVersion,
      usbLoader: isOn('fsbl-without-usb-loader'),
    };
    const look = () =>
      expands ? describeSent(path, { ...options, expand: { limitBytes, measured, notice } }) : describe(path, options);
    const facts = known.get(key) ?? look();
    known.set(key, facts);
    return facts;
  };
}
