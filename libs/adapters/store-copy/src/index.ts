export { copyStore, type StoreCopyOrder } from './copy-store';
export type { Copied, CopyReport, CopyStage } from './parts';
export { CopyRefused, CopyStopped } from './words';
