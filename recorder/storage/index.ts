export { browserOrigin } from './browserOrigin.ts';
export { checkStorageConfig, isRedirectingMedia, storageConfig } from './config.ts';
export type { StorageConfig } from './config.ts';
export { contentTypeOf } from './contentTypeOf.ts';
export { openFolderObjectStore } from './FolderObjectStore.ts';
export type {
  ByteRange,
  GetOptions,
  ListedObject,
  ObjectHead,
  ObjectPage,
  ObjectSource,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './ObjectStore.ts';
export { openObjectStore } from './openObjectStore.ts';
export { sha256OfBytes, sha256OfFile } from './sha256.ts';
