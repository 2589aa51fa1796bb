import { matrixOf } from './matrix.ts';

await matrixOf('mp15-legacy', 'mp15-legacy-twice');
