import type { System } from './system.ts';

/** The folders of rules; a file hides those of its name in the folders after it (udev(7)). */
const FOLDERS = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/local/lib/udev/rules.d', '/usr/lib/udev/rules.d'];
/** The older place, the same folder where /lib is a link to /usr/lib. */
const OLD_FOLDER = '/lib/udev/rules.d';

interface Ids {
  readonly vendorId: string;
  readonly productId: string;
}

/** A rule that names a device by its ids. */
export interface RuleLine {
  /** The file's name alone tells when it is read. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The rules for a device or a gadget, in the order in which udev reads them. */
export function rulesFor(system: System, { vendorId, productId }: Ids): readonly RuleLine[] {
  const names = (id: string, value: string) => new RegExp(`ATTRS?\\{${id}\\}=="[^"]*\\b${value}\\b[^"]*"`, 'i');
  const [vendor, product] = [names('idVendor', vendorId), names('idProduct', productId)];
  return ruleFiles(system).flatMap(({ name, path }) =>
    linesOf(system.text(path) ?? '')
      .filter((text) => vendor.test(text) && product.test(text))
      .map((text) => ({ name, path, text })),
  );
}

function ruleFiles(system: System): readonly { readonly name: string; readonly path: string }[] {
  const paths = new Map<string, string>();
  for (const folder of [...FOLDERS, OLD_FOLDER]) {
    for (const name of system.names(folder)) {
      if (name.endsWith('.rules') && !paths.has(name)) paths.set(name, `${folder}/${name}`);
    }
  }
  return [...paths].map(([name, path]) => ({ name, path })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Rules, those that go on after a backslash in one piece, without comments. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line));
}
