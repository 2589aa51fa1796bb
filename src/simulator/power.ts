/** A promise that firmware keeps for itself: it ends early, with the signal's reason, when the power goes. */
export function whilePowered<T>(power: AbortSignal): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle, reject) => {
    const onOff = () => reject(power.reason);
    if (power.aborted) {
      onOff();
      return;
    }
    power.addEventListener('abort', onOff, { once: true });
    resolve = (value) => {
      power.removeEventListener('abort', onOff);
      settle(value);
    };
  });
  return { promise, resolve };
}
