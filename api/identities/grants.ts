import type { CourseId, SiteRole } from '#engine/contract';
import { valuesOf } from './ProviderClaims.ts';
import type { ProviderConfig } from './providerConfig.ts';

export interface CourseGrant {
  courseId: CourseId;
  role: 'student' | 'assistant';
}

/** The site roles and courses that the claims of a person grant by the mappings of the provider. */
export function grantsOf({ roles, courses }: Pick<ProviderConfig, 'roles' | 'courses'>, claims: Readonly<Record<string, unknown>>): { roles: SiteRole[]; courses: CourseGrant[] } {
  return {
    roles: [...new Set(granted(roles, claims))],
    courses: granted(courses, claims),
  };
}

function granted<T>(mapping: { claim: string; values: Record<string, T> } | undefined, claims: Readonly<Record<string, unknown>>): T[] {
  if (!mapping) return [];
  return valuesOf(claims, mapping.claim).flatMap((value) => (Object.hasOwn(mapping.values, value) ? mapping.values[value] ?? [] : []));
}

/**
 * The roles of an account after a login: what the claims grant is added, and what they granted before and no longer do is taken
 * back. Roles that an administrator gave stay. Nobody is left without a role.
 */
export function rolesAfter({ current, grantedBefore, granted: now }: { current: readonly SiteRole[]; grantedBefore: readonly SiteRole[]; granted: readonly SiteRole[] }): SiteRole[] {
  const kept = current.filter((role) => !grantedBefore.includes(role) || now.includes(role));
  const roles = [...new Set([...kept, ...now])];
  return roles.length > 0 ? roles : ['student'];
}
