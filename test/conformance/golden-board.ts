import { silentLog } from '../../src/base/log.ts';
import { parseSize } from '../../src/base/sizes.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Hardware } from '../../src/simulator/hardware.ts';
import { DEFAULT_SETTINGS } from '../../src/simulator/settings.ts';
import { BoardStorage, memoryStorage, otpWords } from '../../src/simulator/storage/board-storage.ts';
import type { Medium } from '../../src/simulator/storage/medium.ts';
import { OtpFuses } from '../../src/simulator/storage/otp-fuses.ts';
import { UsbConnector } from '../../src/simulator/usb-connector.ts';
import { dataBytes, type Head } from './transcript.ts';

const NOR_PARTITIONS =
  '256k(fsbl1),256k(fsbl2),512k(metadata1),256k(metadata2),4m(fip-a),4m(fip-b),512k(u-boot-env),-(nor_user)';
const OTP_BYTES = 776;
/** Words of that structure. */
export const OTP_WORDS = otpWords(OTP_BYTES);
const NAND_PARTITIONS = '2m(fsbl),4m(fip-a1),4m(fip-a2),-(UBI)';

export interface GoldenBoard {
  readonly hw: Hardware;
  readonly clock: VirtualClock;
  readonly powerOff: () => void;
}

/** Fuses as the golden device models them: plain memory, which takes whatever comes. */
class PlainOtp extends OtpFuses {
  override burn(): boolean {
    return true;
  }
}

/** The board that the transcripts were recorded from: golden README, first lines. Its fuses are `otp`. */
export function makeGoldenBoard(head: Head, otp: OtpFuses = new PlainOtp(OTP_WORDS, undefined)): GoldenBoard {
  const size = (text: string): number => {
    const value = parseSize(text);
    if (value === undefined) throw new SyntaxError(`no size: ${text}`);
    return value;
  };
  const { device } = head;
  const blank = memoryStorage(
    {
      mmc: {
        0: { kind: 'sd', sizeBytes: size(device.sd), bootBytes: 0, eraseGroupBytes: 512 },
        1: {
          kind: 'emmc',
          sizeBytes: size(device.emmc),
          bootBytes: size(device.emmcBoot),
          eraseGroupBytes: 512 * 1024,
        },
      },
      mtd: {
        nor0: {
          kind: 'nor',
          sizeBytes: size(device.nor),
          eraseBlockBytes: 64 * 1024,
          pageBytes: 256,
          partitions: NOR_PARTITIONS,
        },
        nand0: {
          kind: 'nand',
          sizeBytes: size(device.nand),
          eraseBlockBytes: 128 * 1024,
          pageBytes: 2048,
          partitions: NAND_PARTITIONS,
        },
      },
    },
    OTP_BYTES,
  );
  const storage = new BoardStorage({
    mmc: blank.mmc,
    mtd: blank.mtd,
    otp,
    pmic: blank.pmic,
  });
  for (const mmc of storage.mmc.values()) mmc.defects.failAfterBytes = device.failAfterBytes;
  for (const piece of head.initial ?? []) {
    findMedium(storage, piece.file)?.write(piece.offset, dataBytes(piece) ?? new Uint8Array(0));
  }
  const clock = new VirtualClock();
  const power = new AbortController();
  const hw: Hardware = {
    chip: {
      family: 'mp15',
      deviceId: 0x500,
      romRevision: 0,
      revision: 0x2001,
      name: 'STM32MP157CAC Rev.Z',
      loadAddress: 0xc200_0000,
      dramBase: 0xc000_0000,
      dramSize: 512 * 1024 * 1024,
      otpSize: OTP_BYTES,
      pmic: true,
    },
    serial: '003A00273338510338303334',
    usb: new UsbConnector(clock),
    storage,
    clock,
    settings: { ...DEFAULT_SETTINGS, layoutMs: 10, writeMsPerMiB: (device.writeMicrosecondsPerMiB ?? 0) / 1000 },
    log: silentLog,
    power: power.signal,
  };
  return { hw, clock, powerOff: () => power.abort(new Error('power off')) };
}

/** `mmc0`, `mmc1boot2`, `nor0`: the medium behind a name of golden README. */
export function findMedium(storage: BoardStorage, file: string): Medium | undefined {
  const match = /^mmc(\d)(?:boot([12]))?$/.exec(file);
  if (!match) return storage.mtd.get(file)?.medium;
  return storage.mmc.get(Number(match[1]))?.medium(Number(match[2] ?? 0) as 0 | 1 | 2);
}
