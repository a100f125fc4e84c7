import { chunkOddities } from './chunks.ts';
import { addressOddities, commandOddities } from './commands.ts';
import { mediaOddities } from './media.ts';
import type { Oddity } from './oddity.ts';

export { send } from './oddity.ts';
export type { Oddity } from './oddity.ts';

/** All odd ways to publish that must work. */
export const oddities: readonly Oddity[] = [...commandOddities, ...addressOddities, ...chunkOddities, ...mediaOddities];
