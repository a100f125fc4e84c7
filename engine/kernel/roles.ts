import * as z from 'zod';

/**
 * What a process does. `live`: media, ingest, signaling and recording of the lectures that it owns. `api`: REST and pages.
 * `delivery`: playlists and segments. `worker`: background jobs.
 */
export const roles = ['live', 'api', 'delivery', 'worker'] as const;
export type Role = (typeof roles)[number];

/** The setting: words separated by commas. */
export const Roles = z
  .string()
  .default(roles.join(','))
  .transform((text) => text.split(',').map((word) => word.trim()))
  .pipe(z.array(z.enum(roles, `must be words of ${roles.join(', ')}, separated by commas`)).min(1))
  .transform((words): ReadonlySet<Role> => new Set(words));

/** The process needs no other one. */
export function hasAllRoles(of: ReadonlySet<Role>): boolean {
  return roles.every((role) => of.has(role));
}
