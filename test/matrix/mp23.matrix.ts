import { matrixOf } from './matrix.ts';

await matrixOf('mp23');
