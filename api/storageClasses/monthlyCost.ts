import type { ClassBytes } from '#recorder';
import type { SiteSettings } from '../contract/index.ts';

/** Prices are per GiB, as AWS and others bill (2^30 bytes). */
const billedBytes = 2 ** 30;

/** What the amounts cost in a month; null while a class that is used has no price. */
export function monthlyCost(amounts: ClassBytes, { standardPrice, infrequentPrice, archivePrice }: Pick<SiteSettings, 'standardPrice' | 'infrequentPrice' | 'archivePrice'>): number | null {
  const priced = [[amounts.standard, standardPrice], [amounts.infrequent, infrequentPrice], [amounts.archive, archivePrice]] as const;
  if (standardPrice === null && infrequentPrice === null && archivePrice === null) return null;
  let cost = 0;
  for (const [bytes, price] of priced) {
    if (bytes === 0) continue;
    if (price === null) return null;
    cost += (bytes / billedBytes) * price;
  }
  return cost;
}
