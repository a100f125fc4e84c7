import type { Clock, Database, Logger } from '#engine/kernel';
import type { ObjectStore } from '../storage/index.ts';
import { ClassMover, openClassMoves } from './ClassMover.ts';
import { openRestoreRequests, Restores } from './Restores.ts';
import type { RestoresOptions } from './Restores.ts';
import { StoredVideos } from './StoredVideos.ts';

export interface OpenStorageClassesOptions {
  database: Database;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
}

/** Moves videos to cheaper classes. */
export function openClassMover({ database, ...options }: OpenStorageClassesOptions): ClassMover {
  return new ClassMover({ ...options, videos: new StoredVideos(database), moves: openClassMoves(database) });
}

/** Takes requests for archived videos, and brings them back. */
export function openRestores({ database, ...options }: OpenStorageClassesOptions & Pick<RestoresOptions, 'onRestored'>): Restores {
  return new Restores({ ...options, videos: new StoredVideos(database), moves: openClassMoves(database), requests: openRestoreRequests(database) });
}
