import type { ManifestFile } from '../../renditions/index.ts';
import { contentTypeOf } from '../../storage/contentTypeOf.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { sha256OfBytes } from '../../storage/sha256.ts';

/** Stores bytes that were made. */
export async function storeBytes(store: ObjectStore, key: string, bytes: Uint8Array): Promise<ManifestFile> {
  const sha256 = sha256OfBytes(bytes);
  await store.put(key, { bytes }, { contentType: contentTypeOf(key), sha256 });
  return { key, bytes: bytes.length, sha256 };
}

export function storeJson(store: ObjectStore, key: string, value: unknown): Promise<ManifestFile> {
  return storeBytes(store, key, Buffer.from(JSON.stringify(value)));
}

/** Stores a file that was made, whose hash is known. */
export async function storeMade(store: ObjectStore, key: string, made: { file: string; bytes: number; sha256: string }): Promise<ManifestFile> {
  await store.put(key, { file: made.file }, { contentType: contentTypeOf(key), sha256: made.sha256 });
  return { key, bytes: made.bytes, sha256: made.sha256 };
}
