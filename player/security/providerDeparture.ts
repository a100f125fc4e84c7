import * as z from 'zod';

const key = 'lectern.providerDeparture';

/** What this tab keeps while the person signs in at a provider. It never enters a URL. */
const Departure = z.object({ providerId: z.string(), purpose: z.enum(['login', 'link']), token: z.string(), next: z.string().optional() });
export type Departure = z.infer<typeof Departure>;

/** Leaves for the provider. */
export function depart(departure: Departure, url: string): void {
  sessionStorage.setItem(key, JSON.stringify(departure));
  location.assign(url);
}

/** The departure of this tab, once; undefined in a tab that has not left for this provider. */
export function takeDeparture(providerId: string): Departure | undefined {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  const departure = kept === null ? undefined : Departure.safeParse(JSON.parse(kept)).data;
  return departure?.providerId === providerId ? departure : undefined;
}
