import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Shape = string | Readonly<{ [field: string]: Shape }> | readonly Shape[];
type StoredType = Readonly<{ type: string; version: number; data: Shape }>;

const STORED_TYPE = /^([A-Za-z]+)\.v(\d+)$/;

/** What a field looks like: its JSON type; for a list, the shapes of its items; for a record, its fields. */
export const shapeOf = (value: unknown): Shape => {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = new Map(value.map(shapeOf).map((shape) => [JSON.stringify(shape), shape]));
    return [...shapes.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape);
  }
  if (typeof value !== 'object') return typeof value === 'number' ? 'integer' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([field, member]) => [field, shapeOf(member)]));
};

const goldenFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && entry.parentPath.split(path.sep).includes('golden'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

/** Every stored event type and version with its fields, read off the golden files: what is stored once in this form is readable for ever. */
export const eventSchemas = (libsFolder: string): readonly StoredType[] =>
  goldenFiles(libsFolder)
    .flatMap((file) => {
      const golden: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (typeof golden !== 'object' || golden === null || !('type' in golden) || !('data' in golden)) return [];
      const [, name, version] = STORED_TYPE.exec(String(golden.type)) ?? [];
      return name === undefined ? [] : [{ type: name, version: Number(version), data: shapeOf(golden.data) }];
    })
    .sort((a, b) => (a.type === b.type ? a.version - b.version : a.type < b.type ? -1 : 1));
