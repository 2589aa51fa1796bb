import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binarySparse: Rule = {
  id: 'binary-sparse',
  severity: 'error',
  title: 'an Android sparse image',
  why: "The board writes the bytes as they come, the sparse image's own chunk headers too.",
  example: 'rootfs.simg',
  fix: 'expand the file with simg2img first; phaseline itself accepts it and expands it while it sends (--tool phaseline)',
  aboutFile: true,
  check: eachFile(({ content }, { binary }) => {
    const sparse =
      content.kind === 'android-sparse' || (content.kind === 'malformed' && content.format === 'android-sparse');
    return sparse ? `${quote(binary ?? '')} is an Android sparse image` : undefined;
  }),
};
