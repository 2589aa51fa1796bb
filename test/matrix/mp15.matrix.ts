import { matrixOf } from './matrix.ts';

await matrixOf('mp15', 'mp15-emmc');
