import { matrixOf } from './matrix.ts';

await matrixOf('mp15-nor', 'mp15-nand');
