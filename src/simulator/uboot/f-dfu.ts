import { DFU_REQUEST, DFU_STATE, DFU_STATUS } from '../../dfu/constants.ts';
import { encodeStatus } from '../../dfu/status.ts';
import { ACK, type ControlReply, type Setup } from '../gadget.ts';
import { FirmwareCrash } from './crash.ts';
import { type DfuCore, flushEntity, readBlock, writeBlock } from './dfu-core.ts';
import type { DfuEntity } from './dfu-entity.ts';

/** USB_BUFSIZ: the transfer size, and what an UPLOAD always takes from the medium (FINDINGS trap 2). */
export const TRANSFER_BYTES = 4096;
const DIRECTION_IN = 0x80;

/** The DFU function between two appearances on the bus. */
export interface DfuFunction {
  readonly core: DfuCore;
  readonly entities: readonly DfuEntity[];
  state: number;
  status: number;
  alternate: number;
  /** DETACH came: the gadget will go. */
  detached: boolean;
  /** The descriptors are those of an application, not of DFU: after DETACH, until the gadget goes. */
  runTime: boolean;
  /** The deferred end of a download failed: the gadget ends. */
  broken: boolean;
  /** What came with DNLOAD is handled only after the request was acknowledged; the board may die of it. */
  crashed: boolean;
}

export function newDfuFunction(core: DfuCore, entities: readonly DfuEntity[]): DfuFunction {
  return {
    core,
    entities,
    state: DFU_STATE.dfuIDLE,
    status: DFU_STATUS.OK,
    alternate: 0,
    detached: false,
    runTime: false,
    broken: false,
    crashed: false,
  };
}

/** SET_INTERFACE and SET_CONFIGURATION: always back to dfuIDLE; the entity's transaction stays. */
export function selectAlternate(dfu: DfuFunction, alternate: number): void {
  dfu.alternate = alternate & 0xff;
  dfu.state = DFU_STATE.dfuIDLE;
  dfu.status = DFU_STATUS.OK;
}

type Handler = (dfu: DfuFunction, setup: Setup, data: Uint8Array) => ControlReply;

/** What a state does with each request; any other one stalls, and in DFU mode it ends in dfuERROR. */
interface StateRules {
  readonly [request: number]: Handler;
}

const { DETACH, DNLOAD, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT } = DFU_REQUEST;

/** protocol.md §6.1. dfuDNBUSY, appDETACH and dfuMANIFEST-WAIT-RESET are never entered. */
const RULES: Readonly<Record<number, StateRules>> = {
  [DFU_STATE.appIDLE]: { [GETSTATUS]: getStatus, [GETSTATE]: getState, [DETACH]: returnToDfuMode },
  [DFU_STATE.dfuIDLE]: {
    [DNLOAD]: firstDnload,
    [UPLOAD]: firstUpload,
    [ABORT]: abort,
    [GETSTATUS]: getStatus,
    [GETSTATE]: getState,
    [DETACH]: detach,
  },
  [DFU_STATE.dfuDNLOAD_SYNC]: { [GETSTATUS]: endDnloadSync, [GETSTATE]: getState },
  [DFU_STATE.dfuDNLOAD_IDLE]: { [DNLOAD]: dnload, [ABORT]: abort, [GETSTATUS]: getStatus, [GETSTATE]: getState },
  [DFU_STATE.dfuMANIFEST_SYNC]: { [GETSTATUS]: startManifest, [GETSTATE]: getState },
  [DFU_STATE.dfuMANIFEST]: { [GETSTATUS]: endManifest, [GETSTATE]: getState },
  [DFU_STATE.dfuUPLOAD_IDLE]: { [UPLOAD]: upload, [ABORT]: abort, [GETSTATUS]: getStatus, [GETSTATE]: getState },
  [DFU_STATE.dfuERROR]: { [GETSTATUS]: getStatus, [GETSTATE]: getState, [CLRSTATUS]: clearStatus },
};

/** Answers one request of the DFU class. Throws FirmwareCrash where the board dies before it can answer. */
export function handleDfuRequest(dfu: DfuFunction, setup: Setup, data: Uint8Array): ControlReply {
  const handler = RULES[dfu.state]?.[setup.request];
  if (handler) return handler(dfu, setup, data);
  if (dfu.state !== DFU_STATE.appIDLE) dfu.state = DFU_STATE.dfuERROR;
  return 'stall';
}

function getStatus(dfu: DfuFunction, setup: Setup): ControlReply {
  const reply = encodeStatus({ status: dfu.status, pollTimeoutMs: 0, state: dfu.state, stringIndex: 0 });
  return reply.subarray(0, setup.length);
}

function getState(dfu: DfuFunction, setup: Setup): ControlReply {
  return Uint8Array.of(dfu.state).subarray(0, setup.length);
}

function endDnloadSync(dfu: DfuFunction, setup: Setup): ControlReply {
  dfu.state = DFU_STATE.dfuDNLOAD_IDLE;
  return getStatus(dfu, setup);
}

/** The download is brought to its end once this reply is out; the next request waits for it. */
function startManifest(dfu: DfuFunction, setup: Setup): ControlReply {
  dfu.state = DFU_STATE.dfuMANIFEST;
  const reply = getStatus(dfu, setup);
  afterReply(dfu, () => {
    if (!flushEntity(dfu.core, selectedEntity(dfu))) dfu.broken = true;
  });
  return reply;
}

function endManifest(dfu: DfuFunction, setup: Setup): ControlReply {
  dfu.state = DFU_STATE.dfuIDLE;
  return getStatus(dfu, setup);
}

function clearStatus(dfu: DfuFunction): ControlReply {
  dfu.state = DFU_STATE.dfuIDLE;
  dfu.status = DFU_STATUS.OK;
  return ACK;
}

function abort(dfu: DfuFunction): ControlReply {
  dfu.state = DFU_STATE.dfuIDLE;
  return ACK;
}

function detach(dfu: DfuFunction): ControlReply {
  dfu.state = DFU_STATE.appIDLE;
  dfu.detached = true;
  dfu.runTime = true;
  return ACK;
}

function returnToDfuMode(dfu: DfuFunction): ControlReply {
  dfu.state = DFU_STATE.dfuIDLE;
  dfu.runTime = false;
  return ACK;
}

function firstDnload(dfu: DfuFunction, setup: Setup, data: Uint8Array): ControlReply {
  if ((setup.requestType & DIRECTION_IN) !== 0) return ACK;
  if (setup.length > 0) return dnload(dfu, setup, data);
  dfu.state = DFU_STATE.dfuERROR;
  return 'stall';
}

function dnload(dfu: DfuFunction, setup: Setup, data: Uint8Array): ControlReply {
  if ((setup.requestType & DIRECTION_IN) !== 0) return ACK;
  dfu.state = setup.length === 0 ? DFU_STATE.dfuMANIFEST_SYNC : DFU_STATE.dfuDNLOAD_SYNC;
  // What dwc2 does with more than its buffer holds is not known: never answered, nothing taken (FINDINGS §3).
  if (setup.length > TRANSFER_BYTES) return 'nak';
  afterReply(dfu, () => {
    if (writeBlock(dfu.core, selectedEntity(dfu), setup.value, data)) return;
    dfu.status = DFU_STATUS.errUNKNOWN;
    dfu.state = DFU_STATE.dfuERROR;
  });
  return ACK;
}

function firstUpload(dfu: DfuFunction, setup: Setup): ControlReply {
  return uploadBlock(dfu, setup, 0);
}

function upload(dfu: DfuFunction, setup: Setup): ControlReply {
  return uploadBlock(dfu, setup, setup.value);
}

/** Short, and so the last one, is told by what the medium gave, not by what went to the host. */
function uploadBlock(dfu: DfuFunction, setup: Setup, block: number): ControlReply {
  if ((setup.requestType & DIRECTION_IN) === 0) return ACK;
  dfu.state = DFU_STATE.dfuUPLOAD_IDLE;
  const data = readBlock(dfu.core, selectedEntity(dfu), block, TRANSFER_BYTES);
  if (!data) return 'stall';
  if (data.length < Math.min(setup.length, TRANSFER_BYTES)) dfu.state = DFU_STATE.dfuIDLE;
  return data.subarray(0, setup.length);
}

/** The alternate's number is not checked anywhere: one that does not exist is a null pointer. */
function selectedEntity(dfu: DfuFunction): DfuEntity {
  const entity = dfu.entities[dfu.alternate];
  if (!entity) throw new FirmwareCrash(`no alternate setting ${dfu.alternate}`);
  return entity;
}

function afterReply(dfu: DfuFunction, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FirmwareCrash)) throw error;
    dfu.crashed = true;
  }
}
