import type { ObjectStore } from './ObjectStore.ts';

/** Where browsers are sent for media, for the content security policy of the pages; undefined when it is this server. */
export async function browserOrigin(store: ObjectStore): Promise<string | undefined> {
  // Signing asks nobody, so the object need not exist.
  const address = await store.presignGet('origin', 1);
  return address === undefined ? undefined : new URL(address).origin;
}
