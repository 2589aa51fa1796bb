/**
 * U-Boot followed a pointer to nowhere. Thrown where the real code would, caught by the gadget only:
 * the board leaves the bus and never comes back (golden README, end `crash`).
 */
export class FirmwareCrash extends Error {}
