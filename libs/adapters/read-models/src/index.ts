export { type Compared, type ComparisonSource, ReadModelComparison, type RowDifference, type Uncompared } from './comparison';
export { CursorError } from './cursor';
export { dumpReadModel } from './dump';
export type { ReaderSource } from './messages';
export type { Notice, NoticeCode } from './notices';
export { type OpenReadModels, openReadModels, type ReadModelsOptions } from './read-models';
