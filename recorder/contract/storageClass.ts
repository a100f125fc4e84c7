import * as z from 'zod';

/**
 * Where the objects of a video are stored. `standard`: read often. `infrequent`: cheaper to keep, readable at once. `archive`:
 * cheapest to keep, and readable only after it was restored, which takes minutes or hours.
 */
export const StorageClass = z.enum(['standard', 'infrequent', 'archive']);
export type StorageClass = z.infer<typeof StorageClass>;
