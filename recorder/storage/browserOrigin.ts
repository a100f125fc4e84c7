import type { ObjectStore } from './ObjectStore.ts';

/** The origin to which browsers are redirected for media, for the content security policy; undefined when it is this server. */
export async function browserOrigin(store: ObjectStore): Promise<string | undefined> {
  // Signing sends no request, so the object need not exist.
  const address = await store.presignGet('origin', 1);
  return address === undefined ? undefined : new URL(address).origin;
}
