import { isProblem } from '../../check/file-facts.ts';
import { type Area, areasOf } from '../../layout/device-map.ts';
import type { StorageDevice } from '../../layout/geometry.ts';
import { storageDevices } from '../../layout/geometry.ts';
import type { Layout } from '../../layout/parse.ts';
import type { KnownDevices } from '../../layout/usable-area.ts';
import type { LayoutFile } from '../layout-files.ts';

/** A device with all its parts, and the sizes of the files that go there. */
export interface MappedDevice {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly update: StorageDevice['update'];
  /** `fileBytes` where a file is written and was found. */
  readonly areas: readonly (Area & { readonly fileBytes?: number })[];
}

export function mapDevices(
  layout: Layout,
  known: KnownDevices,
  files: ReadonlyMap<string, LayoutFile>,
): readonly MappedDevice[] {
  return storageDevices(layout.rows, known).map((device) => ({
    name: device.name,
    sizeBytes: known.get(device.name)?.sizeBytes,
    update: device.update,
    areas: areasOf(device, known).map((area) => {
      const facts = area.fate.endsWith('written') ? files.get(area.row?.binary ?? '')?.facts : undefined;
      return facts && !isProblem(facts) ? { ...area, fileBytes: facts.sizeBytes } : area;
    }),
  }));
}

/** `layout map --json`. */
export function mapJson(devices: readonly MappedDevice[]) {
  return {
    devices: devices.map(({ name, sizeBytes, update, areas }) => ({
      name,
      sizeBytes: sizeBytes ?? null,
      update: update ?? null,
      areas: areas.map(({ kind, startBytes, sizeBytes: bytes, fate, row, boot, fileBytes }) => ({
        kind,
        ...(boot && { boot }),
        startBytes: startBytes ?? null,
        sizeBytes: bytes ?? null,
        fate,
        ...(row && { id: row.id ?? null, name: row.name ?? null, type: row.cells.type?.text ?? null }),
        ...(fileBytes !== undefined && { file: row?.binary, fileBytes }),
      })),
    })),
  };
}
