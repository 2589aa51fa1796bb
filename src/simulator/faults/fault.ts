/** The moment of a transfer: when a phase's download reaches a byte, a block or its end, or the n-th request since power-on. */
export type FaultPoint =
  | { readonly phase: number; readonly byte: number }
  | { readonly phase: number; readonly block: number }
  /** The zero-length block behind the last one. */
  | { readonly phase: number; readonly end: true }
  | { readonly transfer: number };

/** The appearance on the bus that follows sending this. */
export type FaultStep = 'fsbl' | 'ddr-fip' | 'fip' | 'layout';

/** One thing that goes wrong, once. `medium` is `mmc0`, `nor0`, `nand0`…; sizes and offsets in bytes. */
export type Fault =
  | { readonly kind: 'unplug'; readonly at: FaultPoint; readonly forMs?: number }
  | { readonly kind: 'unplug-behind'; readonly at: FaultPoint; readonly forMs?: number }
  | { readonly kind: 'power-cycle'; readonly at: FaultPoint; readonly forMs?: number }
  | { readonly kind: 'stall'; readonly at: FaultPoint }
  | { readonly kind: 'nak'; readonly at: FaultPoint; readonly ms: number }
  | { readonly kind: 'dfu-error'; readonly at: FaultPoint; readonly status: number }
  | { readonly kind: 'crash'; readonly at: FaultPoint }
  | { readonly kind: 'wrong-phase'; readonly instead: number; readonly shown: number }
  | { readonly kind: 'never-returns'; readonly after: FaultStep }
  | { readonly kind: 'panic'; readonly after: FaultStep }
  | { readonly kind: 'port'; readonly port: string; readonly after: FaultStep }
  | { readonly kind: 'serial'; readonly serial: string; readonly after: FaultStep }
  | { readonly kind: 'absent'; readonly medium: string }
  | { readonly kind: 'slow-write' | 'slow-erase'; readonly medium: string; readonly msPerMiB: number }
  | { readonly kind: 'write-error'; readonly medium: string; readonly byte: number }
  | { readonly kind: 'bad-block'; readonly medium: string; readonly block: number }
  | { readonly kind: 'flip'; readonly medium: string; readonly byte: number; readonly bit: number };
