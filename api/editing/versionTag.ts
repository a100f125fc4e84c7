import { createHash } from 'node:crypto';
import type { RouteSpec } from '../contract/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Bytes of each field's hash: a chance of 2⁻⁴⁸ to overlook a change. */
const hashBytes = 6;

/** The fields that a change of the thing can set and its response shows, in the order of the contract. */
export function editedFields(change: RouteSpec, read: RouteSpec): string[] {
  const shown = new Set(shapeOf(read.response));
  return shapeOf(change.body).filter((field) => shown.has(field)).sort();
}

/** An entity tag of these fields, with a hash for each, so that it says which of them have changed. */
export function versionTag(value: unknown, fields: readonly string[]): string {
  const hashes = fields.map((field) => createHash('sha256').update(JSON.stringify((value as Fields)[field]) ?? 'absent').digest().subarray(0, hashBytes));
  return `"${Buffer.concat(hashes).toString('base64url')}"`;
}

/** The fields whose hashes differ. All of them if the tag is not one of these fields. */
export function changedFields(tags: { given: string; current: string }, fields: readonly string[]): string[] {
  const [given, current] = [bytesOf(tags.given), bytesOf(tags.current)];
  if (given.length !== current.length) return [...fields];
  return fields.filter((_, index) => !hashAt(given, index).equals(hashAt(current, index)));
}

function hashAt(bytes: Buffer, index: number): Buffer {
  return bytes.subarray(index * hashBytes, (index + 1) * hashBytes);
}

function bytesOf(tag: string): Buffer {
  return Buffer.from(tag.replace(/^"|"$/g, ''), 'base64url');
}

function shapeOf(schema: unknown): string[] {
  return typeof schema === 'object' && schema !== null && 'shape' in schema ? Object.keys(schema.shape as object) : [];
}
