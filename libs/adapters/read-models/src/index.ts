export { CursorError } from './cursor';
export type { Notice, NoticeCode } from './notices';
export { type Compared, type ComparisonSource, ReadModelComparison, type RowDifference, type Uncompared } from './sqlite/comparison';
export { dumpReadModel } from './sqlite/dump';
export type { ReaderSource } from './sqlite/messages';
export { type OpenReadModels, openReadModels, type ReadModelsOptions } from './sqlite/read-models';
