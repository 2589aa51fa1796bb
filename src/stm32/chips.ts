/** The families that phaseline flashes, by the names it uses on its command line. */
export const FAMILIES = ['mp13', 'mp15', 'mp21', 'mp23', 'mp25'] as const;
export type Family = (typeof FAMILIES)[number];
