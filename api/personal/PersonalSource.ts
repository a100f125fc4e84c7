import type { Readable } from 'node:stream';
import type { UserId } from '#engine/contract';
import type { Bus, Database } from '#engine/kernel';
import type { ObjectStore } from '#recorder';
import type { LoginStore } from '../accounts/LoginStore.ts';

/** Whose data is exported or erased. */
export interface Person {
  userId: UserId;
  email: string;
  displayName: string;
}

/** A file in the export, such as a picture. */
export interface PersonalFile {
  /** Its name in the export, with an extension: `avatar.webp`. */
  name: string;
  readonly open: () => Promise<Readable>;
}

/**
 * What one store holds about a person. A new store with a user's id, name, address or texts in it needs one: write it beside the
 * store, and list it in `sources.ts`.
 */
export interface PersonalSource {
  /** The name of its file in the export, without `.json`: lower-case letters and `-`. */
  readonly name: string;
  /** The collections of the database that it exports and erases. */
  readonly collections: readonly string[];
  /** Everything about the person as plain JSON: no secret, no hash, and no one else's name, address or id. */
  rows(person: Person): AsyncIterable<object> | Promise<readonly object[]>;
  /** Objects of the object store that belong to the person. */
  files?(person: Person): Promise<readonly PersonalFile[]>;
  /**
   * Removes every trace of the person: id, name, address, texts, objects. What others need stays, with `erasedUserId` in place of the
   * id. It may run again after a failure, and after it has succeeded.
   */
  erase(person: Person): Promise<void>;
}

/** What the sources are made of. */
export interface PersonalContext {
  database: Database;
  bus: Bus;
  objects: ObjectStore;
  logins: LoginStore;
}

export type OpenPersonalSource = (context: PersonalContext) => PersonalSource;
