export { type Checked, checkBackup } from './copy/check-backup';
export { type BackupOrder, takeBackup } from './copy/take-backup';
export { type LogPlace, type Manifest, readManifest } from './manifest';
export { isRestoreAbandoned, type Journal } from './restore/journal';
export { type Loss, losesAnything, type Preview, previewRestore } from './restore/preview';
export { type Restored, type RestoreOrder, restoreBackup, resumeRestore } from './restore/restore';
export { type Fault, Refused, type Report, type Stage, Stopped, type Work } from './words';
